"""What a pause or a restore held back leaves by choice, a few a minute, and never too late."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from scheduler import safeguards
from service.actions import consent, held, numbers, pause
from service.actions.after_restore import after_restore
from service.actions.held import Released, Which
from service.actions.pause import EVERYTHING, Covered, PauseScope
from service.domain.message import MessageClass
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.store.models.messages import Message
from tests.safety.place import DAY, HERS, OTHERS, Place, one_database
from tests.worker.village import at


def phone(number: int) -> str:
    return f"+266581001{number:02}"


@pytest.fixture
def women(place: Place) -> Place:
    """Six women who are due tomorrow, each on a phone of her own; it is early in the morning."""
    place.village.clock.moment = at(place.today, "08:00")
    for number in range(6):
        place.village.visit(place.woman(phone(number), f"Thato{number}"), place.today + DAY)
    return place


def paused(place: Place, covered: Covered = EVERYTHING, until: str = "12:00") -> None:
    """A pause from early in the morning on."""
    place.act(lambda tx: pause.pause(tx, covered, "wrong dates"))
    place.village.work_through(place.now, at(place.today, until))
    assert place.service.sent() == []
    place.act(lambda tx: pause.resume(tx, covered))


def release(place: Place, which: Which = held.EVERYTHING, per_minute: int = 2) -> Released:
    return place.act(lambda tx: held.release(tx, place.village.parts.programme, which, per_minute))


def leaving(place: Place) -> list[datetime]:
    rows = place.village.rows(Message.sent_at)
    return sorted(row.sent_at for row in rows if row.sent_at)


def test_after_a_pause_nothing_leaves_by_itself(women: Place) -> None:
    paused(women)
    women.later(hours=2)
    assert women.service.sent() == []
    (group,) = women.read(held.held)
    assert (group.why, group.plan, group.what, group.count) == ("paused", "visits", "visit_d1", 6)


def test_what_falls_due_after_the_pause_goes_as_ever(women: Place) -> None:
    paused(women, until="09:30")
    women.later(hours=1)
    assert len(women.service.sent()) == 6


def test_a_release_is_no_burst(women: Place) -> None:
    paused(women)
    assert release(women, per_minute=2).let_go == 6
    women.village.work_through(women.now, women.now + timedelta(minutes=10), timedelta(seconds=30))
    moments = leaving(women)
    assert len(moments) == 6
    assert all(later - before >= timedelta(seconds=30) for before, later in pairwise(moments))


def test_nothing_that_was_held_leaves_after_its_last_moment(women: Place) -> None:
    """The texts say "tomorrow": they are useful until five in the afternoon."""
    paused(women, until="16:58")
    done = release(women, per_minute=1)
    assert (done.let_go, done.too_late) == (2, 4)
    women.village.work_through(women.now, women.now + timedelta(minutes=30), timedelta(minutes=1))
    assert len(leaving(women)) == 2
    assert max(leaving(women)) <= at(women.today, "17:00")


def test_what_nobody_decides_about_ends_as_too_late(women: Place) -> None:
    paused(women)
    women.village.clock.moment = at(women.today, "18:00")
    assert women.read(held.held)
    safeguards.close_expired(women.village.parts)
    women.later(minutes=5)
    assert women.read(held.held) == ()
    assert women.village.ledger()["visit_d1"] == ("suppressed", "too_late")
    assert women.service.sent() == []


def test_what_is_discarded_never_goes(women: Place) -> None:
    paused(women)
    assert women.act(held.discard) == 6
    assert women.act(held.discard) == 0
    women.later(hours=3)
    assert women.service.sent() == []
    assert women.village.ledger()["visit_d1"] == ("suppressed", "discarded")


def test_a_stop_takes_what_is_held_with_it(women: Place) -> None:
    paused(women)
    women.act(lambda tx: consent.stop_texts(tx, numbers.note(tx, Phone(phone(0)))))
    release(women, per_minute=600)
    women.later(minutes=30)
    assert women.got(phone(0)) == []
    assert len(women.service.sent()) == 5


def test_a_second_pause_holds_again_what_was_let_go(women: Place) -> None:
    paused(women)
    release(women)
    paused(women, until="13:00")
    women.later(minutes=30)
    assert women.service.sent() == []


def test_what_people_wait_for_leaves_when_the_pause_ends(place: Place) -> None:
    place.woman()
    place.act(lambda tx: pause.pause(tx, EVERYTHING, "a drill"))
    assert place.say("I am bleeding") == []
    place.act(lambda tx: pause.resume(tx, EVERYTHING))
    place.later(minutes=1)
    assert [text for text in place.got() if "NOW" in text]


def covered(women: Place, scope: PauseScope) -> Covered:
    targets = {"site": str(women.village.site), "plan": "visits", "gateway": "africastalking"}
    return Covered(scope, targets.get(scope, ""))


@one_database
@pytest.mark.parametrize("scope", PauseScope)
def test_what_each_pause_held_leaves_by_choice_no_burst_and_never_too_late(
    women: Place, scope: PauseScope
) -> None:
    """Of six that are useful until five, two have their turn before; the others end as too late."""
    paused(women, covered(women, scope), until="16:57")
    women.later(minutes=1)
    assert women.service.sent() == []
    assert sum(group.count for group in women.read(held.held)) == 6
    done = release(women, per_minute=1)
    assert (done.let_go, done.too_late) == (2, 4)
    women.village.work_through(women.now, women.now + timedelta(minutes=20), timedelta(seconds=30))
    moments = leaving(women)
    assert len(moments) == len(women.service.sent()) == 2
    assert all(later - before >= timedelta(seconds=60) for before, later in pairwise(moments))
    assert max(moments) <= at(women.today, "17:00")
    women.work()
    assert women.read(held.held) == ()


@one_database
@pytest.mark.parametrize("scope", PauseScope)
def test_what_each_pause_held_can_be_thrown_away(women: Place, scope: PauseScope) -> None:
    paused(women, covered(women, scope))
    assert women.act(held.discard) == 6
    women.later(hours=3)
    assert women.service.sent() == []


@one_database
def test_another_sites_pause_holds_nothing_here(women: Place) -> None:
    women.act(lambda tx: pause.pause(tx, Covered(PauseScope.SITE, str(women.mentor)), "elsewhere"))
    women.village.work_through(women.now, at(women.today, "12:00"))
    women.act(lambda tx: pause.resume(tx, Covered(PauseScope.SITE, str(women.mentor))))
    assert len(women.service.sent()) == 6
    assert women.read(held.held) == ()


def test_what_waits_in_the_outbox_is_held_as_the_reminder_that_it_was(women: Place) -> None:
    women.act(lambda tx: pause.pause(tx, Covered(PauseScope.GATEWAY, "africastalking"), "their number"))
    women.village.work_through(women.now, at(women.today, "12:00"))
    assert set(women.village.message_states()) == {"queued"}
    women.act(lambda tx: pause.resume(tx, Covered(PauseScope.GATEWAY, "africastalking")))
    assert set(women.village.message_states()) == {"cancelled"}
    release(women, per_minute=600)
    women.later(minutes=10)
    assert len(women.service.sent()) == len(set(women.service.sent())) == 6


def test_what_a_restore_held_is_let_go_by_the_same_words(women: Place) -> None:
    village = women.village
    village.clock.moment = at(women.today, "11:00")
    village.put(MessageClass.C, phone=HERS)
    women.act(lambda tx: after_restore(tx, women.now - timedelta(hours=2)))
    women.later(minutes=30)
    assert women.service.sent() == []
    assert {(group.why, group.count) for group in women.read(held.held)} == {("restored", 6), ("restored", 1)}
    release(women, Which(why=Reason.RESTORED), per_minute=600)
    women.later(minutes=30)
    assert len(women.service.sent()) == 7


def test_a_reminder_whose_text_was_held_by_a_restore_goes_once(women: Place) -> None:
    village = women.village
    women.act(lambda tx: pause.pause(tx, Covered(PauseScope.GATEWAY, "africastalking"), "a drill"))
    village.work_through(women.now, at(women.today, "11:00"))
    women.act(lambda tx: after_restore(tx, women.now))
    women.act(lambda tx: pause.resume(tx, Covered(PauseScope.GATEWAY, "africastalking")))
    release(women, per_minute=600)
    women.later(minutes=30)
    assert len(women.service.sent()) == len(set(women.service.sent())) == 6


@one_database
def test_a_choice_concerns_whom_it_names(women: Place) -> None:
    other = women.woman(OTHERS, "Lerato")
    women.village.visit(other, women.today + DAY)
    paused(women)
    release(women, Which(client_id=other), per_minute=600)
    women.later(minutes=5)
    assert [len(women.got(number)) for number in (OTHERS, phone(0))] == [1, 0]
    assert sum(group.count for group in women.read(held.held)) == 6


def test_a_pause_keeps_who_and_why(place: Place) -> None:
    place.act(lambda tx: pause.pause(tx, EVERYTHING, "wrong dates"))
    ((row),) = place.read(pause.pauses)
    assert (row.actor, row.why) == ("staff:coordinator", "wrong dates")


def test_holding_loses_nothing(women: Place) -> None:
    """What was planned is sent, held or ended, and nothing else."""
    paused(women)
    release(women, Which(client_id=women.village.links()[-1].person_id), per_minute=600)
    women.later(minutes=30)
    counted = women.read(lambda reading: reading.connection.scalar(select(func.count()).select_from(Message)))
    assert (counted, sum(group.count for group in women.read(held.held))) == (1, 5)
