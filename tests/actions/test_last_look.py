"""What still stops or delays a text when its turn has come."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from service.actions import held, pause
from service.actions.pause import Covered, PauseScope
from service.domain.message import (
    MessageClass,
    Refusal,
    Refused,
)
from service.domain.people import OPERATOR, SYSTEM, Wording
from service.store import outbox
from service.store.models.messages import Attempt, Message
from service.store.models.people import Client, PersonPhone, PhoneNumber
from tests.worker.village import MONDAY, Village, at

TEN = at(MONDAY, "10:00")


@pytest.fixture(autouse=True)
def at_ten(village: Village) -> None:
    village.clock.moment = TEN


def test_what_a_pause_kept_back_leaves_when_somebody_lets_it_go(
    village: Village,
) -> None:
    message = village.put(person=village.woman())
    village.store.write(lambda tx: pause.pause(tx, pause.EVERYTHING, "a drill"), OPERATOR)
    village.dispatch()
    assert (village.state(message), village.gateway.sent) == ("queued", [])
    village.store.write(lambda tx: pause.resume(tx, pause.EVERYTHING), OPERATOR)
    village.clock.moment += timedelta(minutes=1)
    village.dispatch()
    assert village.state(message) == "held"
    village.store.write(lambda tx: held.release(tx, village.parts.programme), OPERATOR)
    village.dispatch()
    assert village.state(message) == "accepted"


@pytest.mark.parametrize("covered", ["site", "plan", "gateway"])
def test_a_pause_holds_what_it_covers_and_nothing_else(village: Village, covered: str) -> None:
    targets = {"site": str(village.site), "plan": "visits", "gateway": "fake"}
    other = {"site": "0", "plan": "other", "gateway": "other"}
    woman = village.woman()
    for target, expected in ((other[covered], "accepted"), (targets[covered], "queued")):
        scope = Covered(PauseScope(covered), target)
        village.store.write(lambda tx, scope=scope: pause.pause(tx, scope, "a drill"), OPERATOR)  # type: ignore[misc]
        message = village.put(MessageClass.C, person=woman, site_id=village.site, plan="visits")
        village.dispatch()
        assert village.state(message) == expected


def test_a_text_bound_to_another_number_never_leaves_and_a_person_hears_of_it(village: Village) -> None:
    woman, other = village.woman(), "+26658100002"
    message = village.put(person=woman)
    village.woman(other, "Lerato")

    def swap(tx: Any) -> None:
        there = tx.connection.scalar(
            select(PhoneNumber.id).where(PhoneNumber.number_index == tx.vault.index("phone", other))
        )
        tx.connection.execute(update(Message).values(phone_id=there))

    village.store.write(swap, SYSTEM)
    village.dispatch()
    assert (village.state(message), village.gateway.sent) == ("failed", [])
    assert village.tasks() == ["incident"]


def test_a_gated_word_is_stopped_at_the_last_look_and_a_person_hears_of_it(village: Village) -> None:
    message = village.put(person=village.woman())

    def slip(tx: Any) -> None:
        sealed = tx.vault.seal(Message.body, message, "Hello, your clinic.")
        tx.connection.execute(update(Message).values(body=sealed))

    village.store.write(slip, SYSTEM)
    village.dispatch()
    assert (village.state(message), village.gateway.sent) == ("cancelled", [])
    assert village.tasks() == ["incident"]


def test_the_name_of_a_site_is_a_gated_word(village: Village) -> None:
    message = village.put(person=village.woman())

    def slip(tx: Any) -> None:
        sealed = tx.vault.seal(Message.body, message, "See you at Ha Demo.")
        tx.connection.execute(update(Message).values(body=sealed))

    village.store.write(slip, SYSTEM)
    village.dispatch()
    assert village.state(message) == "cancelled"


def test_a_number_that_is_no_longer_hers_gets_nothing(village: Village) -> None:
    message = village.put(person=village.woman())
    village.store.write(lambda tx: tx.connection.execute(update(PersonPhone).values(until=TEN)), SYSTEM)
    village.dispatch()
    assert (village.state(message), village.gateway.sent) == ("cancelled", [])


def test_a_change_of_wording_to_none_stops_what_waits(village: Village) -> None:
    message = village.put(person=village.woman())
    village.store.write(lambda tx: tx.connection.execute(update(Client).values(wording=Wording.NONE)), SYSTEM)
    village.dispatch()
    assert village.state(message) == "cancelled"


# --- caps -----------------------------------------------------------------------------------------------


def test_she_gets_one_text_a_day_that_she_did_not_ask_for(village: Village) -> None:
    woman = village.woman()
    first, second = village.put(person=woman), village.put(person=woman)
    village.dispatch()
    assert sorted((village.state(first), village.state(second))) == ["accepted", "cancelled"]


def test_a_text_that_failed_takes_up_no_day(village: Village) -> None:
    woman = village.woman()
    village.gateway.answers = [Refused(Refusal.NO_ROUTE)]
    village.put(person=woman)
    village.dispatch()
    second = village.put(person=woman)
    village.dispatch()
    assert village.state(second) == "accepted"


def test_she_gets_three_texts_a_week_that_she_did_not_ask_for(village: Village) -> None:
    woman, sent = village.woman(), []
    for _ in range(5):
        village.put(person=woman, not_after=village.clock.moment + timedelta(days=8))
        village.dispatch()
        sent.append(len(village.gateway.sent))
        village.clock.moment += timedelta(days=1)
    assert sent == [1, 2, 3, 3, 3]


def test_an_attempt_is_never_written_without_its_message(village: Village) -> None:
    village.put(person=village.woman())
    (claimed,) = village.store.write(lambda tx: outbox.claim(tx, 8), SYSTEM)

    def begin_and_fail(tx: Any) -> None:
        outbox.begin(tx, claimed, "fake")
        raise ValueError

    with pytest.raises(ValueError):
        village.store.write(begin_and_fail, SYSTEM)
    assert (village.rows(Attempt.id), village.message_states()) == ([], ["claimed"])
