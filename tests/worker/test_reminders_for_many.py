"""What becomes of planned reminders with many people, several workers, a pause or an outage, and poison."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler import planner
from scheduler.dispatcher import Dispatcher
from service.actions import enrol, held, pause, sites
from service.actions.remind_now import remind_now
from service.domain.care import VisitKind
from service.domain.message import MessageClass
from service.domain.people import OPERATOR, Wording
from service.domain.permission import Stop
from service.domain.reason import Reason
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Person, Site
from service.store.records import client
from tests.worker.changes import (
    DAUGHTER,
    DAY,
    TUESDAY,
    WEDNESDAY,
    days_named,
)
from tests.worker.village import MONDAY, Village, at

# --- several people, several visits -----------------------------------------------------------------------


def test_two_who_share_a_phone_are_both_told_in_neutral_words(village: Village) -> None:
    for name in ("Thato", DAUGHTER):
        village.visit(village.woman(nickname=name, wording=Wording.T1), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "10:30"))
    texts = sorted(message.text for message in village.gateway.sent)
    assert [text.split(",")[0] for text in texts] == ["Hello Lerato", "Hello Thato"]
    assert not any("booklet" in text for text in texts)


def test_who_has_her_phone_alone_is_told_in_the_words_that_she_agreed_to(village: Village) -> None:
    village.visit(village.woman(wording=Wording.T1), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "10:30"))
    assert "booklet" in village.gateway.sent[0].text


def test_two_at_one_phone_cannot_be_called_the_same(village: Village) -> None:
    village.woman()
    with pytest.raises(enrol.NicknameTaken):
        village.woman(nickname="THATO")


def child_of(village: Village, woman: UUID) -> UUID:
    new = enrol.NewInfant(woman, "Pule", MONDAY - 20 * DAY)
    return village.store.write(lambda tx: enrol.enrol_infant(tx, new, "en"), OPERATOR)


def test_a_mother_and_child_who_are_expected_on_one_day_get_one_text(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, TUESDAY)
    village.visit(woman, TUESDAY, VisitKind.VACCINE, child_of(village, woman))
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert len(village.gateway.sent) == 1
    ends = Counter((row.step, row.reason) for row in village.rows(LedgerEntry.step, LedgerEntry.reason))
    assert ends["visit_d1", "merged"] == 1


def test_of_two_dates_the_one_that_cannot_wait_is_told_first(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, MONDAY + 8 * DAY, VisitKind.LAB)
    village.visit(woman, WEDNESDAY)
    village.work_through(at(TUESDAY, "09:30"), at(WEDNESDAY, "10:30"))
    assert days_named(village) == ["25 Nov", "01 Dec"]


def test_a_child_is_spoken_of_as_the_little_one(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, TUESDAY, VisitKind.VACCINE, child_of(village, woman))
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert "see you and the little one tomorrow" in village.gateway.sent[0].text


# --- whoever works, and when ------------------------------------------------------------------------------


def test_several_workers_and_a_restart_send_each_text_once(village: Village) -> None:
    women = 12
    for number in range(women):
        village.visit(village.woman(f"+2665810{number:04}", f"Name{number}"), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")

    def work(_: int) -> None:
        dispatcher = Dispatcher(village.parts)
        for _ in range(3):
            planner.put_due(village.parts)
            dispatcher.run()
        dispatcher.rest(20)
        dispatcher.stop()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, range(3)))
    village.tick()
    assert len(village.gateway.sent) == women
    assert len({message.to for message in village.gateway.sent}) == women
    assert village.message_states() == ["accepted"] * women


def test_a_text_that_was_held_by_a_pause_goes_when_it_is_let_go_after_the_end(village: Village) -> None:
    village.visit(village.woman(), TUESDAY)
    village.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "a drill"), OPERATOR)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "12:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("planned", "paused")
    village.store.write(lambda tx: pause.resume(tx, pause.EVERYTHING), OPERATOR)
    village.work_through(at(MONDAY, "12:30"), at(MONDAY, "13:00"))
    assert village.gateway.sent == []
    village.store.write(lambda tx: held.release(tx, village.parts.programme), OPERATOR)
    village.work_through(at(MONDAY, "13:00"), at(MONDAY, "13:30"))
    assert days_named(village) == ["24 Nov"]


def test_a_pause_that_outlasts_the_day_ends_in_too_late(village: Village) -> None:
    village.visit(village.woman(), TUESDAY)
    village.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "a drill"), OPERATOR)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "17:30"))
    assert village.ledger()["visit_d1"] == ("suppressed", "too_late")


@pytest.mark.parametrize("back_at", ["17:30", "23:00"])
def test_after_an_outage_nothing_goes_out_at_night(village: Village, back_at: str) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(TUESDAY, back_at), at(WEDNESDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "too_late")


def test_after_a_short_outage_it_still_goes_in_the_day(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(TUESDAY, "15:00"), at(TUESDAY, "15:30"))
    assert days_named(village) == ["25 Nov"]


def test_a_site_that_is_not_activated_sends_nothing(village: Village) -> None:
    village.store.write(lambda tx: tx.connection.execute(update(Site).values(activated_at=None)), OPERATOR)
    village.visit(village.woman(), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "site_not_activated")


def test_a_gated_word_in_a_nickname_stops_the_text_and_opens_an_incident(village: Village) -> None:
    village.visit(village.woman(), TUESDAY)
    village.store.write(lambda tx: sites.add_site(tx, "Thato", "Berea"), OPERATOR)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "gated_word")
    assert village.tasks() == ["incident"]


def test_nor_does_it_go_by_hand(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, TUESDAY)
    village.store.write(lambda tx: sites.add_site(tx, "Thato", "Berea"), OPERATOR)
    programme = village.parts.programme
    came = village.store.write(lambda tx: remind_now(tx, programme, client(tx, woman)), OPERATOR)
    assert came == Stop(Reason.GATED_WORD)
    assert village.message_states() == []
    assert village.tasks() == ["incident"]


def test_her_own_hours_are_kept(village: Village) -> None:
    village.visit(village.woman(safe_from=time(15), safe_to=time(17)), TUESDAY)
    village.work_through(at(MONDAY, "09:00"), at(MONDAY, "18:00"))
    assert [row.sent_at for row in village.rows(Message.sent_at)] == [at(MONDAY, "15:00")]


def test_a_line_without_replies_asks_for_none(village: Village) -> None:
    one_way = replace(village.parts.programme, two_way=False)
    village.parts = replace(village.parts, programme=one_way)
    village.visit(village.woman(), TUESDAY)
    village.work_through(at(MONDAY, "09:30"), at(MONDAY, "10:30"))
    assert "dial *123#" in village.gateway.sent[0].text
    assert "reply" not in village.gateway.sent[0].text


def test_a_second_site_of_the_same_name_is_not_made(village: Village) -> None:
    assert village.store.write(lambda tx: sites.add_site(tx, " ha  demo ", "Berea"), OPERATOR) is None


# --- poison -----------------------------------------------------------------------------------------------


def break_name(village: Village, woman: UUID) -> None:
    """A name that cannot be opened: whoever composes a text for her raises."""
    village.store.write(
        lambda tx: tx.connection.execute(update(Person).where(Person.id == woman).values(name=b"\x03bad")),
        OPERATOR,
    )


def test_a_reminder_that_cannot_be_decided_stops_no_other_and_is_given_up_after_three_times(
    village: Village,
) -> None:
    poisoned, well = village.woman(), village.woman("+26658100002", "Lerato")
    for woman in (poisoned, well):
        village.visit(woman, TUESDAY)
    break_name(village, poisoned)
    village.clock.moment = at(MONDAY, "10:00")
    village.tick()
    assert len(village.gateway.sent) == 1
    village.work_through(at(MONDAY, "10:00"), at(MONDAY, "10:40"), every=timedelta(minutes=2))
    rows = village.rows(LedgerEntry.client_id, LedgerEntry.step, LedgerEntry.state, LedgerEntry.reason)
    ends = {(row.client_id, row.step): (row.state.value, row.reason) for row in rows}
    assert ends[poisoned, "visit_d1"] == ("failed", "not_decided")
    assert ends[well, "visit_d1"][0] == "queued"
    assert village.tasks() == ["incident"]


def test_a_message_that_cannot_be_judged_stops_no_other_and_is_given_up_after_three_times(
    village: Village,
) -> None:
    poisoned = village.put(MessageClass.C, phone="+26658100003")
    others = [village.put(MessageClass.C, phone=f"+2665810010{number}") for number in range(5)]

    def damage(tx: Any) -> None:
        tx.connection.execute(update(Message).where(Message.id == poisoned).values(body=b"\x03bad"))

    village.store.write(damage, OPERATOR)
    village.clock.moment = at(MONDAY, "10:00")
    village.dispatch()
    assert [village.state(other) for other in others] == ["accepted"] * 5
    assert village.state(poisoned) == "queued"
    village.work_through(at(MONDAY, "10:00"), at(MONDAY, "10:40"), every=timedelta(minutes=2))
    assert village.state(poisoned) == "failed"
    assert village.tasks() == ["incident"]
    assert len(village.gateway.sent) == 5
