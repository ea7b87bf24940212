"""STOP wins every race that it is first to commit, whatever another worker was just about to do."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from threading import Event
from uuid import UUID

import pytest

from scheduler import planner
from service.actions import consent, deliver, numbers
from service.domain.people import SYSTEM, PhoneOwner
from service.domain.phone import Phone
from service.programme import Programme
from service.store import outbox
from service.store.transaction import Transaction
from tests.worker.village import MONDAY, Village, at

HER_PHONE = Phone("+26658100001")
HER_OTHER_PHONE = Phone("+26658100002")
A_MOMENT = 0.3


@dataclass(frozen=True)
class Hesitating(Programme):
    """Asked for the day, which judging does once it has read what she agreed to, it waits."""

    judged: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def today(self, now: datetime) -> date:
        self.judged.set()
        assert self.go_on.wait(5)
        return super().today(now)


def hesitating(programme: Programme) -> Hesitating:
    return Hesitating(**{each.name: getattr(programme, each.name) for each in fields(programme)})


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def claimed(village: Village) -> outbox.Claimed:
    """A reminder that a worker has in its hands."""
    village.visit(village.woman(HER_PHONE.e164), MONDAY + timedelta(days=1))
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    (one,) = village.store.write(lambda tx: outbox.claim(tx, 8), SYSTEM)
    return one


def stop(tx: Transaction) -> None:
    consent.stop_texts(tx, numbers.note(tx, HER_PHONE))


def suspend(tx: Transaction) -> None:
    numbers.suspend(tx, numbers.note(tx, HER_PHONE), "wrong_number")


def stop_from_her_other_phone(tx: Transaction) -> None:
    consent.stop_texts(tx, numbers.note(tx, HER_OTHER_PHONE))


def give_her_another_phone(village: Village) -> None:
    (woman,) = {row.person_id for row in village.links()}

    def link(tx: Transaction) -> None:
        numbers.link(tx, woman, numbers.note(tx, HER_OTHER_PHONE), PhoneOwner.OWN, "import")

    village.store.write(link, SYSTEM)


SILENCES = pytest.mark.parametrize("silence", [stop, suspend, stop_from_her_other_phone])


@SILENCES
def test_a_stop_waits_for_a_text_that_was_judged_before_it(
    village: Village, claimed: outbox.Claimed, threads: ThreadPoolExecutor, silence: object
) -> None:
    give_her_another_phone(village)
    programme = hesitating(village.parts.programme)
    begun = threads.submit(
        village.store.write, lambda tx: deliver.begin(tx, programme, claimed, "fake"), SYSTEM
    )
    assert programme.judged.wait(5)
    stopped: Future[None] = threads.submit(village.store.write, silence, SYSTEM)  # type: ignore[arg-type]
    with pytest.raises(NotYet):
        stopped.result(A_MOMENT)
    programme.go_on.set()
    assert begun.result(5)
    stopped.result(5)


@SILENCES
def test_a_text_is_judged_by_the_stop_that_was_there_first(
    village: Village, claimed: outbox.Claimed, threads: ThreadPoolExecutor, silence: object
) -> None:
    give_her_another_phone(village)
    said, commit = Event(), Event()

    def silence_slowly(tx: Transaction) -> None:
        silence(tx)  # type: ignore[operator]
        said.set()
        assert commit.wait(5)

    stopped = threads.submit(village.store.write, silence_slowly, SYSTEM)
    assert said.wait(5)
    begun = threads.submit(
        village.store.write, lambda tx: deliver.begin(tx, village.parts.programme, claimed, "fake"), SYSTEM
    )
    with pytest.raises(NotYet):
        begun.result(A_MOMENT)
    commit.set()
    stopped.result(5)
    assert begun.result(5) is None
    assert village.message_states() == ["cancelled"]


def test_what_waits_when_she_stops_ends_in_the_ledger_too(village: Village, claimed: outbox.Claimed) -> None:
    village.store.write(stop, SYSTEM)
    assert village.ledger()["visit_d1"] == ("suppressed", "opted_out")


def test_what_waits_when_a_number_is_suspended_ends_in_the_ledger_too(
    village: Village, claimed: outbox.Claimed
) -> None:
    village.store.write(suspend, SYSTEM)
    assert village.ledger()["visit_d1"] == ("suppressed", "number_suspended")


def test_a_stop_that_is_said_again_is_no_news(village: Village) -> None:
    woman = village.woman(HER_PHONE.e164)
    phone: UUID = village.store.write(lambda tx: numbers.note(tx, HER_PHONE), SYSTEM)
    assert village.store.write(lambda tx: consent.stop_texts(tx, phone), SYSTEM)
    assert not village.store.write(lambda tx: consent.stop_texts(tx, phone), SYSTEM)
    assert village.store.read(lambda reading: consent.has_stopped(reading, woman))


def test_a_no_wins_over_a_yes_of_the_same_moment(village: Village) -> None:
    woman = village.woman(HER_PHONE.e164)
    phone: UUID = village.store.write(lambda tx: numbers.note(tx, HER_PHONE), SYSTEM)

    def stop_and_start(tx: Transaction) -> None:
        consent.stop_texts(tx, phone)
        consent.start_texts(tx, phone, "sms")

    for _ in range(5):
        village.store.write(stop_and_start, SYSTEM)
        assert village.store.read(lambda reading: consent.has_stopped(reading, woman))
