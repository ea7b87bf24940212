"""What several processes do at once ends as if they had done it one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

from handlers import sms
from scheduler import housekeeping, ladder
from service.actions import deliver, numbers, tally, visits
from service.actions.tasks import NewTask, open_task
from service.domain.care import VisitState
from service.domain.message import Accepted, MessageClass, MessageState
from service.domain.people import OPERATOR, SYSTEM
from service.domain.phone import Phone
from service.domain.tasks import TaskKind
from service.ports import ReceiptReceived, TextReceived
from service.store import outbox
from service.store.models.care import Task, TaskEvent
from service.store.models.messages import Inbound
from service.store.models.operations import Counter
from service.store.models.people import PhoneNumber
from tests.worker.village import MONDAY, Village, at

PHONE = Phone("+26658100001")


def at_once(times: int, act: Callable[[int], object]) -> list[object]:
    """Let as many threads begin at one moment; what came of each."""
    start = Barrier(times, timeout=10)

    def wait_and_act(number: int) -> object:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(wait_and_act, range(times)))


def test_a_number_is_noted_once(village: Village) -> None:
    ids = at_once(8, lambda _: village.store.write(lambda tx: numbers.note(tx, PHONE), SYSTEM))
    assert len(set(ids)) == 1
    assert len(village.rows(PhoneNumber.id)) == 1


def test_a_matter_has_one_open_task_and_every_asking_is_on_record(village: Village) -> None:
    woman = village.woman()
    new = NewTask(TaskKind.CALL_ME, woman)
    ids = at_once(8, lambda _: village.store.write(lambda tx: open_task(tx, new), SYSTEM))
    assert len(set(ids)) == len(village.rows(Task.id)) == 1
    events = [row.event for row in village.rows(TaskEvent.event)]
    assert sorted(events) == ["asked_again"] * 7 + ["opened"]


def test_a_matter_that_was_closed_can_be_opened_again(village: Village) -> None:
    from service.actions.tasks import close_calls

    woman = village.woman()
    new = NewTask(TaskKind.CALL_ME, woman)
    first = village.store.write(lambda tx: open_task(tx, new), SYSTEM)
    village.store.write(lambda tx: close_calls(tx, woman), SYSTEM)
    assert village.store.write(lambda tx: open_task(tx, new), SYSTEM) != first


def test_a_counter_counts_everybody(village: Village) -> None:
    at_once(12, lambda _: village.store.write(lambda tx: tally.add_to(tx, "x", MONDAY), SYSTEM))
    assert [row.count for row in village.rows(Counter.count)] == [12]


def test_copies_of_one_text_are_heard_once(village: Village) -> None:
    village.woman()
    received = TextReceived("same", PHONE.e164, PHONE, "3", None)
    at_once(6, lambda _: sms.take(village.parts, "fake", received))
    assert len(village.rows(Inbound.id)) == 1
    assert village.parts.spool.count() == 0
    village.dispatch()
    assert len(village.gateway.sent) == 1


def test_unreadable_texts_of_one_phone_are_answered_once_a_day(village: Village) -> None:
    village.woman()
    at_once(6, lambda _: village.texts("my sister went to Maseru"))
    village.clock.moment += timedelta(minutes=5)
    village.dispatch()
    assert len(village.gateway.sent) == 1
    assert village.tasks() == ["read_message"] * 6


def test_receipts_that_cross_their_settlement_all_arrive(village: Village) -> None:
    village.clock.moment = at(MONDAY, "10:00")
    for _ in range(12):
        village.put(MessageClass.C)
    programme = village.parts.programme
    claimed = village.store.write(lambda tx: outbox.claim(tx, 12), SYSTEM)
    for number, one in enumerate(claimed):
        sending = village.store.write(lambda tx, one=one: deliver.begin(tx, programme, one, "fake"), SYSTEM)  # type: ignore[misc]
        assert sending
        name = f"p-{number}"
        receipt = ReceiptReceived(name, "w", MessageState.DELIVERED, PHONE)
        at_once(
            2,
            lambda which, sending=sending, name=name, receipt=receipt: (  # type: ignore[misc]
                sms.take(village.parts, "fake", receipt)
                if which
                else village.store.write(lambda tx: deliver.settle(tx, sending, Accepted(name)), SYSTEM)
            ),
        )
    housekeeping.resolve_unknown(village.parts)
    assert village.message_states() == ["delivered"] * 12


def attend(village: Village, visit: UUID) -> None:
    village.store.write(
        lambda tx: visits.record_attendance(tx, village.parts.programme, visit, VisitState.ATTENDED), OPERATOR
    )


def test_an_attendance_is_not_overwritten_by_the_question_whether_she_came(village: Village) -> None:
    expected = [
        village.visit(village.woman(f"+2665810{number:04}", f"Name{number}"), MONDAY) for number in range(16)
    ]
    village.clock.moment = at(MONDAY + timedelta(days=1), "08:00")

    def act(number: int) -> None:
        if number == 0:
            for visit in expected:
                attend(village, visit)
        else:
            ladder.ask_who_came(village.parts)

    at_once(3, act)
    assert {village.visit_state(visit)[0] for visit in expected} == {"attended"}


def test_an_attendance_is_not_overwritten_by_the_closing_of_the_day(village: Village) -> None:
    expected = [
        village.visit(village.woman(f"+2665810{number:04}", f"Name{number}"), MONDAY) for number in range(10)
    ]

    def act(number: int) -> None:
        if number:
            village.store.write(
                lambda tx: visits.close_day(tx, village.parts.programme, village.site, MONDAY), OPERATOR
            )
            return
        for visit in expected:
            attend(village, visit)

    at_once(2, act)
    assert {village.visit_state(visit)[0] for visit in expected} == {"attended"}
