"""Yesterday's backup is restored, and nobody gets a text a second time."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from handlers import sms
from scheduler import housekeeping
from service.actions import remind
from service.actions.after_restore import Held, restored_at
from service.actions.restore import Report, restore
from service.domain.happening import Restored, read_note
from service.domain.message import Hurdle, MessageClass, MessageState, SendResult, TryLater, Unknown
from service.domain.people import OPERATOR
from service.domain.phone import Phone
from service.ports import LastInput, OutgoingText, ReceiptReceived, UssdTurn
from service.store import backup
from service.store.backup import unwatched
from service.store.database import connect
from service.store.erasures import Erasures, erase
from service.store.models.care import Task
from service.store.models.messages import LedgerEntry, Message, UssdSession
from service.store.models.people import Person
from service.store.store import Store
from tests.databases import DatabaseServer
from tests.worker.village import MONDAY, Answering, Village, at

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3, 4))

_numbers = count(1)


@dataclass
class Oracle(Answering):
    """A gateway that knows which texts may have come through. ``meanwhile`` happens during its first call."""

    took: list[tuple[str, str]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def send(self, message: OutgoingText) -> SendResult:
        if not self.sent:
            self.meanwhile()
        result = super().send(message)
        if not isinstance(result, TryLater):
            self.took.append((message.to.e164, message.text))
        return result


def served_by(village: Village, gateway: Answering) -> Village:
    return replace(village, gateway=gateway, parts=replace(village.parts, gateways={"fake": gateway}))


def days_pass(village: Village, first: datetime, last: datetime) -> None:
    """Let the time pass in the hours in which texts go, ticking every hour."""
    village.clock.moment = first
    while village.clock.moment <= last:
        if 6 <= village.clock.moment.hour <= 15:
            village.tick()
        village.clock.moment += timedelta(hours=1)


Back = Callable[..., tuple[Village, Report]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def brought_back(village: Village, database_server: DatabaseServer, file: Path) -> Iterator[Back]:
    """Restores the backup into a new database: the village as it was then, and the report."""
    with ExitStack() as opened:

        def bring_back(erasures: Erasures | None = None) -> tuple[Village, Report]:
            name = f"restored_{next(_numbers)}"
            database_server.create(name)
            opened.callback(database_server.drop, name)
            store = Store(connect(database_server.url(name)), village.store.vault, village.clock)
            opened.enter_context(store)
            report = restore(store, file, erasures.read() if erasures else (), OPERATOR, unwatched)
            return replace(village, parts=replace(village.parts, store=store)), report

        yield bring_back


def back_up(village: Village, file: Path) -> None:
    backup.write(village.store, file, unwatched)


def restored_rows(village: Village) -> list[str]:
    """The steps of the reminders that are held."""
    rows = village.rows(LedgerEntry.step, LedgerEntry.state, LedgerEntry.reason)
    assert {row.state.value for row in rows if row.reason == "restored"} <= {"unknown"}
    return [row.step for row in rows if row.reason == "restored"]


def test_the_drill(village: Village, brought_back: Back, file: Path) -> None:
    """A worker sends while the backup is written, and after it; then the machine is lost."""
    oracle = Oracle()
    lost = served_by(village, oracle)
    for number in range(40):
        woman = lost.woman(f"+266581{number:05}", f"Name{number}")
        lost.visit(woman, (WEDNESDAY, THURSDAY, FRIDAY, FRIDAY + timedelta(days=4))[number % 4])
    answers: list[SendResult] = [TryLater(Hurdle.BUSY), Unknown("read_timeout"), TryLater(Hurdle.BUSY)] * 2
    oracle.answers = [*answers]
    days_pass(lost, at(MONDAY, "08:00"), at(TUESDAY, "09:30"))
    lost.clock.moment = at(TUESDAY, "10:00")
    oracle.answers = [*answers]
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(back_up, lost, file)
        lost.tick()
        written.result()
    days_pass(lost, at(TUESDAY, "10:30"), at(WEDNESDAY, "12:00"))
    before = len(oracle.took)

    lost.clock.moment = at(WEDNESDAY, "12:30")
    restored, report = brought_back()
    days_pass(served_by(restored, oracle), at(WEDNESDAY, "12:30"), at(FRIDAY + timedelta(days=5), "18:00"))
    assert max(Counter(oracle.took).values()) == 1
    assert len(oracle.took) >= before + 20, "what was due later is still sent"
    held = restored_rows(restored)
    assert held.count("visit_d1") >= 10, "the ten of Thursday fell due after the backup"
    assert [(one.site, one.reminders, one.other_texts) for one in report.held] == [("Ha Demo", len(held), 0)]


def test_what_fell_due_since_is_held_and_what_is_due_later_stays_planned(
    village: Village, brought_back: Back, file: Path
) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.visit(village.woman("+26658100002", "Lineo"), THURSDAY)
    back_up(village, file)
    village.clock.moment = at(TUESDAY, "10:00")
    planned = {row.id: row.due_at for row in village.rows(*LedgerEntry.__table__.c) if row.state == "planned"}
    restored, report = brought_back()
    restored.tick()
    assert village.gateway.sent == []
    now = {row.id: (row.state.value, row.reason) for row in restored.rows(*LedgerEntry.__table__.c)}
    due = {row for row, due_at in planned.items() if due_at <= village.clock.moment}
    assert {now[row] for row in due} == {("unknown", "restored")}
    assert {now[row] for row in planned.keys() - due} == {("planned", None)}
    assert report.held == (Held("Ha Demo", len(due), 0),)


def test_planning_her_visit_again_does_not_open_a_held_reminder(
    village: Village, brought_back: Back, file: Path
) -> None:
    woman = village.woman()
    village.visit(woman, WEDNESDAY)
    back_up(village, file)
    village.clock.moment = at(TUESDAY, "11:00")
    restored, _ = brought_back()
    restored.store.write(lambda tx: remind.align(tx, village.parts.programme, (woman,)), OPERATOR)
    days_pass(restored, at(TUESDAY, "11:00"), at(TUESDAY, "18:00"))
    assert village.gateway.sent == []
    assert restored.ledger()["visit_d1"] == ("unknown", "restored")


def during_a_call(village: Village, file: Path) -> Village:
    return served_by(village, Oracle(meanwhile=lambda: back_up(village, file)))


def test_a_text_that_was_leaving_stays_unknown_whatever_its_class_allows(
    village: Village, brought_back: Back, file: Path
) -> None:
    sending = during_a_call(village, file)
    message = sending.put(MessageClass.S)
    sending.dispatch()
    restored, _ = brought_back()
    assert restored.state(message) == "unknown"
    restored.clock.moment += timedelta(minutes=30)
    housekeeping.recover(restored.parts)
    housekeeping.resolve_unknown(restored.parts)
    restored.dispatch()
    assert restored.state(message) == "unknown"
    assert len(sending.gateway.sent) == 1


def test_a_receipt_still_tells_what_became_of_a_text_that_was_leaving(
    village: Village, brought_back: Back, file: Path
) -> None:
    sending = during_a_call(village, file)
    message = sending.put(MessageClass.S)
    sending.dispatch()
    restored, _ = brought_back()
    (text,) = sending.gateway.sent
    receipt = ReceiptReceived("p", "w", MessageState.DELIVERED, text.to, attempt_id=text.attempt_id)
    sms.take(restored.parts, "fake", receipt)
    assert restored.state(message) == "delivered"


def test_an_unknown_text_is_not_sent_once_more_after_a_restore(
    village: Village, brought_back: Back, file: Path
) -> None:
    message = village.put(MessageClass.R2, person=village.woman())
    village.gateway.answers = [Unknown("read_timeout")]
    village.clock.moment = at(MONDAY, "10:00")
    village.dispatch()
    back_up(village, file)
    village.clock.moment = at(MONDAY, "10:20")
    restored, _ = brought_back()
    housekeeping.resolve_unknown(restored.parts)
    restored.dispatch()
    assert restored.state(message) == "unknown"
    assert len(village.gateway.sent) == 1


def test_texts_that_waited_are_held_and_listed_by_site(
    village: Village, brought_back: Back, file: Path
) -> None:
    messages = [village.put(MessageClass.S, site_id=village.site), village.put(MessageClass.S)]
    back_up(village, file)
    restored, report = brought_back()
    days_pass(restored, at(MONDAY, "08:00"), at(MONDAY, "12:00"))
    assert village.gateway.sent == []
    assert [restored.state(message) for message in messages] == ["held", "held"]
    assert {row.reason for row in restored.rows(Message.reason)} == {"restored"}
    assert report.held == (Held("Ha Demo", 0, 1), Held("", 0, 1))


def test_each_site_that_works_has_one_task_that_says_what_is_held_and_what_is_lost(
    village: Village, brought_back: Back, file: Path
) -> None:
    for number in range(5):
        village.visit(village.woman(f"+266581{number:05}"), WEDNESDAY)
    back_up(village, file)
    village.clock.moment = at(TUESDAY, "12:00")
    restored, _ = brought_back()
    (task,) = restored.rows(Task.id, Task.site_id, Task.note)
    note = restored.store.vault.open(Task.note, task.id, task.note)
    assert task.site_id == village.site
    backed_up_at = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert read_note(note) == Restored(backed_up_at, reminders=5, texts=0)


def test_a_dialogue_that_was_open_is_over(village: Village, brought_back: Back, file: Path) -> None:
    village.woman()
    turn = UssdTurn("session", Phone("+26658100001"), "*123#", LastInput(None))
    assert village.dials(turn).goes_on
    back_up(village, file)
    restored, _ = brought_back()
    (session,) = restored.rows(UssdSession.goes_on, UssdSession.draft, UssdSession.ended_at)
    assert (session.goes_on, session.draft, session.ended_at) == (False, None, village.clock.moment)
    assert restored.dials(replace(turn, session_id="another")).goes_on


def test_the_database_knows_that_it_was_restored_and_when(
    village: Village, brought_back: Back, file: Path
) -> None:
    assert village.store.read(restored_at) is None
    back_up(village, file)
    village.clock.moment = at(MONDAY, "12:00")
    restored, report = brought_back()
    assert report.backed_up_at == at(MONDAY, "08:00")
    assert restored.store.read(restored_at) == at(MONDAY, "12:00")


def test_a_restored_service_can_be_backed_up_and_restored_again(
    village: Village, brought_back: Back, file: Path
) -> None:
    village.visit(village.woman(), WEDNESDAY)
    back_up(village, file)
    village.clock.moment = at(TUESDAY, "12:00")
    restored, _ = brought_back()
    file.unlink()
    back_up(restored, file)
    again, report = brought_back()
    assert report.held == ()
    assert again.ledger() == restored.ledger()
    assert again.store.read(restored_at) == village.clock.moment


def test_whoever_was_erased_since_is_erased_again_and_gets_nothing(
    village: Village, brought_back: Back, file: Path, tmp_path: Path
) -> None:
    erased, other = village.woman(), village.woman("+26658100002", "Lineo")
    village.visit(erased, THURSDAY)
    village.visit(other, THURSDAY)
    back_up(village, file)
    erasures = Erasures(tmp_path / "list", village.store.vault)
    village.store.write(lambda tx: erase(tx, erasures, erased), OPERATOR)
    for again, report in (brought_back(erasures), brought_back()):
        names = {row.id: row.name for row in again.rows(Person.id, Person.name)}
        assert (names[erased] is None) is (report.erased == 1)
        assert names[other] is not None
    village.clock.moment = at(MONDAY, "09:00")
    restored, report = brought_back(erasures)
    days_pass(restored, at(TUESDAY, "08:00"), at(WEDNESDAY, "18:00"))
    assert [message.to.e164 for message in village.gateway.sent] == ["+26658100002"]


def test_whoever_is_erased_gets_nothing_more_and_a_shared_number_stays_the_others(
    village: Village, tmp_path: Path
) -> None:
    erased, other = village.woman(), village.woman(nickname="Lineo")
    village.visit(erased, THURSDAY)
    village.visit(other, THURSDAY)
    village.put(MessageClass.S, person=erased)
    erasures = Erasures(tmp_path / "list", village.store.vault)
    village.store.write(lambda tx: erase(tx, erasures, erased), OPERATOR)
    days_pass(village, at(MONDAY, "09:00"), at(THURSDAY, "18:00"))
    assert village.gateway.sent
    assert all("Lineo" in sent.text for sent in village.gateway.sent)
    entries = village.rows(LedgerEntry.client_id, LedgerEntry.state, LedgerEntry.reason)
    hers = {(row.state.value, row.reason) for row in entries if row.client_id == erased}
    assert ("suppressed", "erased") in hers
    assert {state for state, _ in hers} == {"suppressed"}
