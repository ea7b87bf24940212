"""From the sample to the final outcome: what is recorded of an infant's tests, and who is asked for what."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler import clock, planner
from service.actions import enrol, samples, task_life, visits
from service.actions.remind import align
from service.actions.samples import SampleFault
from service.actions.task_life import Closing
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.people import OPERATOR, ClientKind, ClientState, InfantRisk, Role
from service.domain.phone import Phone
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, TaskState
from service.store.models.care import Task, TaskEvent, Visit, VisitEvent
from service.store.models.messages import LedgerEntry, Message
from service.store.models.operations import AuditRow
from service.store.models.people import Infant
from service.store.models.plans import InfantSample
from service.store.models.safety import Correction
from service.store.transaction import Transaction
from tests.actions.talk import MENTORS
from tests.worker.changes import record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
COORDINATORS = "+26658100052"
BORN = MONDAY - 44 * DAY
RESULT_WORDS = ("positive", "negative", "indeterminate", "result", "test", "sample")


@pytest.fixture
def mentor(village: Village) -> UUID:
    village.staff("Mpho", COORDINATORS, Role.COORDINATOR)
    return village.staff("Palesa", MENTORS)


@pytest.fixture
def infant(village: Village, mentor: UUID) -> UUID:
    """Six weeks old on Saturday, so that the first test is due."""
    woman = village.woman(mentor_id=mentor, kind=ClientKind.BREASTFEEDING)
    new = enrol.NewInfant(woman, "Neo", BORN, risk=InfantRisk.LOW)

    def take_in(tx: Transaction) -> UUID:
        found = enrol.enrol_infant(tx, new, "en")
        align(tx, village.parts.programme, (woman,))
        return found

    return village.store.write(take_in, OPERATOR)


def do(village: Village, action: Any, *words: Any) -> Any:
    return village.store.write(lambda tx: action(tx, village.parts.programme, *words), OPERATOR)


def sampled(village: Village, infant: UUID, day: date = MONDAY) -> UUID:
    sample = do(village, samples.record_sample, infant, day)
    assert isinstance(sample, UUID)
    return sample


def came_back(village: Village, sample: UUID, result: Result, day: date | None = None) -> None:
    assert (
        do(
            village,
            samples.record_result,
            sample,
            result,
            day or village.parts.programme.today(village.clock.now()),
        )
        is None
    )


def now_is(village: Village, days: int, clock_time: str = "10:00") -> None:
    village.clock.moment = at(MONDAY + days * DAY, clock_time)


def days_pass(village: Village, first: int, last: int) -> None:
    """The worker does each morning what people are asked for, and what the ledger holds."""
    for number in range(first, last + 1):
        now_is(village, number, "09:00")
        planner.keep_in_line(village.parts)
        planner.put_due(village.parts)
        next(job for job in clock.JOBS if job.name == "keep_asked").run(village.parts)


def still_open(village: Village) -> list[str]:
    rows = village.rows(Task.kind, Task.state)
    return sorted(row.kind.value for row in rows if row.state is not TaskState.CLOSED)


def about_the_child(village: Village) -> list[str]:
    """The days that texts to the mother name for her child."""
    texts = [one.text for one in village.gateway.sent if one.to == Phone("+26658100001")]
    return [" ".join(text.split(". ")[0].split()[-2:]) for text in texts if "little one" in text]


def opened(village: Village, kind: str) -> list[str]:
    rows = village.rows(Task.opened_at, Task.kind)
    return sorted(f"{row.opened_at:%m-%d}" for row in rows if row.kind == kind)


# --- a sample and the wait for its result -------------------------------------------------------------------


def test_after_28_days_without_a_result_somebody_chases_it_and_again_every_28(
    village: Village, infant: UUID
) -> None:
    sampled(village, infant)
    days_pass(village, 0, 27)
    assert "chase_result" not in still_open(village)
    days_pass(village, 28, 28)
    assert still_open(village) == ["chase_result"]
    close_all(village)
    days_pass(village, 29, 60)
    assert opened(village, "chase_result") == ["12-21", "01-18"] or opened(village, "chase_result") == [
        "01-18",
        "12-21",
    ]


def close_all(village: Village, outcome: FollowUpOutcome = FollowUpOutcome.DONE) -> None:
    closing = Closing(outcome, FollowUpMethod.PHONE)
    for task in village.rows(Task.id, Task.state):
        if task.state is not TaskState.CLOSED:
            do(village, task_life.close_task, task.id, closing)


def test_a_result_that_is_back_is_chased_no_more(village: Village, infant: UUID) -> None:
    sample = sampled(village, infant)
    days_pass(village, 28, 28)
    came_back(village, sample, Result.NEGATIVE)
    assert still_open(village) == []


def test_a_result_that_nobody_has_given_is_somebodys_after_a_week(village: Village, infant: UUID) -> None:
    sample = sampled(village, infant)
    now_is(village, 14)
    came_back(village, sample, Result.NEGATIVE)
    days_pass(village, 14, 20)
    assert still_open(village) == []
    days_pass(village, 21, 21)
    assert still_open(village) == ["give_result"]
    assert do(village, samples.record_given, sample, MONDAY + 21 * DAY) is None
    assert still_open(village) == []


@pytest.mark.parametrize("result", [Result.INDETERMINATE, Result.NONE_CAME])
def test_without_a_clear_result_a_new_sample_is_asked_for_within_28_days(
    village: Village, infant: UUID, result: Result
) -> None:
    sample = sampled(village, infant)
    now_is(village, 14)
    came_back(village, sample, result)
    assert still_open(village) == ["new_sample"]
    (due,) = {row.due_at for row in village.rows(Task.due_at)}
    assert due == at(MONDAY + (14 + 28) * DAY, "17:00")
    sampled(village, infant, MONDAY + 14 * DAY)
    assert still_open(village) == []


def test_a_test_that_nobody_does_is_somebodys_when_its_window_closes(village: Village, infant: UUID) -> None:
    days_pass(village, 0, 12)
    assert "test_overdue" not in still_open(village)
    days_pass(village, 13, 14)
    assert "test_overdue" in still_open(village)
    now_is(village, 14)
    sampled(village, infant, MONDAY + 14 * DAY)
    assert "test_overdue" not in still_open(village)


def test_what_was_closed_without_being_done_is_asked_again(village: Village, infant: UUID) -> None:
    now_is(village, 0)
    came_back(village, sampled(village, infant), Result.INDETERMINATE)
    planner.put_due(village.parts)
    close_all(village, FollowUpOutcome.RETURNING)
    days_pass(village, 0, 0)
    assert still_open(village) == []
    days_pass(village, 1, 1)
    assert still_open(village) == ["new_sample"]


def test_nobody_goes_on_after_somebody_for_whom_it_has_ended(village: Village, infant: UUID) -> None:
    now_is(village, 0)
    came_back(village, sampled(village, infant), Result.INDETERMINATE)
    planner.put_due(village.parts)
    close_all(village, FollowUpOutcome.TRANSFERRED)
    days_pass(village, 1, 5)
    assert still_open(village) == []


# --- she came, but was a sample taken? ----------------------------------------------------------------------


def test_that_she_came_for_a_test_does_not_say_that_a_sample_was_taken(
    village: Village, infant: UUID
) -> None:
    (mother,) = village.rows(Infant.mother_id)
    visit = village.visit(mother.mother_id, MONDAY, VisitKind.INFANT_TEST, subject=infant)
    record(village, visit, VisitState.ATTENDED)
    assert village.rows(InfantSample.id) == []
    assert still_open(village) == ["record_sample"]
    sampled(village, infant)
    assert still_open(village) == []


def test_whether_a_sample_was_taken_is_asked_once(village: Village, infant: UUID) -> None:
    (mother,) = village.rows(Infant.mother_id)
    visit = village.visit(mother.mother_id, MONDAY, VisitKind.INFANT_TEST, subject=infant)
    record(village, visit, VisitState.ATTENDED)
    close_all(village)
    days_pass(village, 1, 3)
    assert still_open(village) == []


# --- a positive result --------------------------------------------------------------------------------------


def positive(village: Village, infant: UUID) -> UUID:
    sample = sampled(village, infant)
    came_back(village, sample, Result.POSITIVE)
    return sample


def test_a_positive_result_calls_two_people_the_same_day_by_a_text_that_says_nothing(
    village: Village, infant: UUID, mentor: UUID
) -> None:
    positive(village, infant)
    village.dispatch()
    rows = village.rows(Task.kind, Task.owner_id, Task.due_at, Task.note)
    assert {(row.kind.value, row.note) for row in rows} == {("see_at_once", None)}
    assert len({row.owner_id for row in rows}) == 2
    assert mentor in {row.owner_id for row in rows}
    assert {row.due_at.date() for row in rows} == {MONDAY}
    texts = {message.to: message.text for message in village.gateway.sent}
    assert texts.keys() == {Phone(MENTORS), Phone(COORDINATORS)}
    assert not any(word in text.lower() for text in texts.values() for word in RESULT_WORDS)


def test_a_positive_result_ends_the_routine_tests_and_every_text_about_the_infant_at_once(
    village: Village, infant: UUID
) -> None:
    (mother,) = village.rows(Infant.mother_id)
    dated = village.visit(mother.mother_id, MONDAY + DAY, VisitKind.INFANT_TEST, subject=infant)
    village.visit(mother.mother_id, MONDAY + DAY, VisitKind.VACCINE, subject=infant)
    for visit in village.rows(Visit.id, Visit.subject_id):
        if visit.subject_id == mother.mother_id:  # one text is enough for her and her child
            do(village, visits.cancel_visit, visit.id, "test")
    now_is(village, 0)
    planner.put_due(village.parts)
    assert set(village.message_states()) == {"queued"}
    positive(village, infant)
    assert "cancelled" in village.message_states()
    assert village.visit_state(dated)[0] == "cancelled"
    planned = village.rows(Visit.kind, Visit.state, Visit.subject_id)
    assert not [
        row for row in planned if row.kind is VisitKind.INFANT_TEST and row.state is VisitState.PLANNED
    ]
    village.work_through(at(MONDAY, "10:30"), at(MONDAY + 20 * DAY, "17:00"))
    assert about_the_child(village) == []


def test_after_she_was_told_the_infants_other_dates_are_said_again(village: Village, infant: UUID) -> None:
    (mother,) = village.rows(Infant.mother_id)
    sample = positive(village, infant)
    village.visit(mother.mother_id, MONDAY + 3 * DAY, VisitKind.VACCINE, subject=infant)
    do(village, samples.record_given, sample, MONDAY)
    village.work_through(at(MONDAY, "10:30"), at(MONDAY + 3 * DAY, "17:00"))
    assert about_the_child(village) == ["26 November", "26 November"]


def test_a_visit_that_is_dated_after_a_positive_result_stands(village: Village, infant: UUID) -> None:
    (mother,) = village.rows(Infant.mother_id)
    sample = positive(village, infant)
    confirming = village.visit(mother.mother_id, MONDAY + 3 * DAY, VisitKind.INFANT_TEST, subject=infant)
    do(village, samples.record_given, sample, MONDAY)
    assert village.visit_state(confirming)[0] == "planned"


def test_a_positive_infant_is_somebodys_every_day_until_it_is_looked_after(
    village: Village, infant: UUID
) -> None:
    positive(village, infant)
    close_all(village)
    days_pass(village, 1, 1)
    assert still_open(village) == ["see_at_once", "see_at_once"]
    do(village, samples.record_care, infant, MONDAY + DAY)
    assert still_open(village) == []
    days_pass(village, 2, 4)
    assert still_open(village) == []


def test_a_positive_result_that_was_a_mistake_lets_the_tests_go_on(village: Village, infant: UUID) -> None:
    (mother,) = village.rows(Infant.mother_id)
    dated = village.visit(mother.mother_id, MONDAY + 9 * DAY, VisitKind.INFANT_TEST, subject=infant)
    sample = positive(village, infant)
    assert village.visit_state(dated)[0] == "cancelled"
    came_back(village, sample, Result.NEGATIVE)
    assert village.visit_state(dated)[0] == "planned"
    assert still_open(village) == []


def test_nothing_that_is_kept_in_the_open_tells_a_result(village: Village, infant: UUID) -> None:
    (mother,) = village.rows(Infant.mother_id)
    village.visit(mother.mother_id, MONDAY + 9 * DAY, VisitKind.INFANT_TEST, subject=infant)
    sample = positive(village, infant)
    came_back(village, sample, Result.INDETERMINATE)
    open_words = [
        *village.rows(AuditRow.detail),
        *village.rows(LedgerEntry.reason),
        *village.rows(Message.reason),
        *village.rows(VisitEvent.reason),
        *village.rows(TaskEvent.reason),
        *village.rows(Correction.field),
    ]
    assert not [row for row in open_words if any(word in str(row[0]) for word in Result)]
    (kept,) = village.rows(Correction.id, Correction.before)
    assert village.store.vault.open(Correction.before, kept.id, kept.before) == "positive"


# --- leaving, weaning, mistakes -----------------------------------------------------------------------------


def test_whoever_has_left_is_asked_for_nothing(village: Village, infant: UUID) -> None:
    sample = sampled(village, infant)
    came_back(village, sample, Result.INDETERMINATE)
    do(village, samples.record_leaving, infant, ClientState.TRANSFERRED)
    assert still_open(village) == []
    do(village, samples.record_leaving, infant, ClientState.ACTIVE)
    assert still_open(village) == ["new_sample"]


def test_a_death_is_recorded_as_a_loss(village: Village, infant: UUID) -> None:
    with pytest.raises(ValueError, match="loss"):
        do(village, samples.record_leaving, infant, ClientState.DIED)


def test_the_weaning_date_is_asked_for_from_18_months_on_until_it_is_known(
    village: Village, infant: UUID
) -> None:
    day = 548 - 44
    now_is(village, day)
    village.store.write(
        lambda tx: [
            tx.connection.execute(update(InfantSample).values(result=Result.NEGATIVE)),
            tx.add(
                InfantSample,
                infant_id=infant,
                taken_on=BORN + 545 * DAY,
                result=Result.NEGATIVE,
                back_on=BORN + 546 * DAY,
                given_on=BORN + 546 * DAY,
                recorded_at=tx.now,
                actor="test",
            ),
        ],
        OPERATOR,
    )
    days_pass(village, day, day + 2)
    assert "ask_weaning" in still_open(village)
    do(village, samples.record_weaning, infant, BORN + 400 * DAY)
    assert "ask_weaning" not in still_open(village)


def test_what_cannot_be_is_refused_and_nothing_is_recorded(village: Village, infant: UUID) -> None:
    tomorrow = MONDAY + DAY
    assert do(village, samples.record_sample, infant, tomorrow) is SampleFault.TO_COME
    assert do(village, samples.record_sample, infant, BORN - DAY) is SampleFault.BEFORE_BIRTH
    sample = sampled(village, infant)
    assert do(village, samples.record_sample, infant, MONDAY) is SampleFault.TWICE
    assert do(village, samples.record_given, sample, MONDAY) is SampleFault.NO_RESULT
    assert do(village, samples.record_result, sample, Result.NEGATIVE, tomorrow) is SampleFault.TO_COME
    assert (
        do(village, samples.record_result, sample, Result.NEGATIVE, MONDAY - DAY) is SampleFault.BEFORE_SAMPLE
    )
    came_back(village, sample, Result.NEGATIVE)
    assert do(village, samples.record_given, sample, MONDAY - DAY) is SampleFault.BEFORE_SAMPLE
    assert do(village, samples.record_weaning, infant, tomorrow) is SampleFault.TO_COME
    assert do(village, samples.record_care, infant, BORN - DAY) is SampleFault.BEFORE_BIRTH


def test_the_day_of_a_sample_is_corrected_and_a_mistaken_one_withdrawn(
    village: Village, infant: UUID
) -> None:
    sample, other = sampled(village, infant, MONDAY - 2 * DAY), sampled(village, infant)
    assert do(village, samples.correct_day, sample, MONDAY) is SampleFault.TWICE
    assert do(village, samples.correct_day, sample, MONDAY - DAY) is None
    do(village, samples.withdraw_sample, other)
    assert [row.taken_on for row in village.rows(InfantSample.taken_on)] == [MONDAY - DAY]
    assert len(village.rows(Correction.id)) == 2


def test_a_result_that_is_taken_back_is_awaited_again(village: Village, infant: UUID) -> None:
    sample = sampled(village, infant)
    came_back(village, sample, Result.NEGATIVE)
    do(village, samples.record_given, sample, MONDAY)
    do(village, samples.record_result, sample, None, MONDAY)
    (row,) = village.rows(InfantSample.result, InfantSample.back_on, InfantSample.given_on)
    assert tuple(row) == (None, None, None)
    days_pass(village, 28, 28)
    assert still_open(village) == ["chase_result"]


def test_the_last_sample_without_a_result_is_the_one_that_waits(village: Village, infant: UUID) -> None:
    first, last = sampled(village, infant, MONDAY - 2 * DAY), sampled(village, infant)

    def waiting() -> UUID | None:
        return village.store.read(lambda reading: samples.waiting_sample(reading, infant))

    assert waiting() == last
    came_back(village, last, Result.NEGATIVE)
    assert waiting() == first


def test_a_visit_says_who_cancelled_it(village: Village, infant: UUID) -> None:
    (mother,) = village.rows(Infant.mother_id)
    village.visit(mother.mother_id, MONDAY + 9 * DAY, VisitKind.INFANT_TEST, subject=infant)
    positive(village, infant)
    facts = [row.fact for row in village.rows(VisitEvent.fact)]
    assert facts.count(VisitFact.CANCELLED) >= 1
