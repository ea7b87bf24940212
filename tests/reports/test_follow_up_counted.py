"""What people did, who returned, who is away, and what the safety counters count."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from scheduler import ladder
from service.actions import task_life
from service.actions.enrol import NewInfant, enrol_infant
from service.actions.incident import NewIncident, report_disclosure
from service.actions.loss import record_loss
from service.actions.loss_chain import NewLoss
from service.actions.merge import merge
from service.actions.merge_infants import SameInfant
from service.actions.samples import record_care, record_leaving, record_result, record_sample, record_weaning
from service.actions.tasks import NewTask, open_task
from service.domain.care import VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.people import OPERATOR, ClientKind, ClientState
from service.domain.safety import LossKind
from service.domain.tasks import FollowUpMethod, TaskKind
from service.reports.figures import NETWORK, TOTAL, Figure
from service.store.erasures import Erasure, replay
from service.store.transaction import Transaction
from tests.reports.counted import cells, told, whole
from tests.worker.changes import record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)


def network(village: Village, indicator: str, period: str = "2026-11") -> Figure | None:
    found = told(village, indicator, period=period)
    return next((one for one in found if one.place == NETWORK and one.cell == TOTAL), None)


def parts(village: Village, indicator: str, period: str) -> tuple[int, int | None]:
    figure = network(village, indicator, period)
    return (figure.counted.cases, figure.counted.of) if figure else (0, 0)


def tried_after(village: Village, new: NewTask, time: timedelta) -> None:
    task = village.store.write(lambda tx: open_task(tx, new), OPERATOR)
    village.clock.moment += time
    village.store.write(lambda tx: task_life.note_try(tx, task, FollowUpMethod.PHONE), OPERATOR)


def test_the_time_to_the_first_act_is_the_middle_one_in_hours(village: Village) -> None:
    woman, opened = village.woman(), village.clock.moment
    for hours in (1, 2, 30):
        village.clock.moment = opened
        tried_after(village, NewTask(TaskKind.CALL_ME, woman, about=str(hours)), timedelta(hours=hours))
    middle = network(village, "ES_TASK_TAT")
    assert middle
    assert (middle.value, middle.counted.cases) == (Decimal(2), 3)
    assert parts(village, "ES_TASK_INTIME", "2026-11")[1] == 3


def test_a_task_that_nobody_acted_on_is_late_once_it_is_due(village: Village) -> None:
    new = NewTask(TaskKind.CALL_ME, village.woman())
    village.store.write(lambda tx: open_task(tx, new), OPERATOR)
    assert parts(village, "ES_TASK_INTIME", "2026-11") == (0, 0)
    village.clock.moment += 6 * DAY
    assert parts(village, "ES_TASK_INTIME", "2026-11") == (0, 1)


def test_the_safety_counters(village: Village) -> None:
    woman = village.woman()
    village.texts("STOP")
    village.texts("9")
    new = NewIncident(woman, "her sister read it")
    village.store.write(lambda tx: report_disclosure(tx, village.parts.programme, new), OPERATOR)
    assert [whole(village, one) for one in ("ES_OPTOUT", "ES_WRONGNO", "ES_INCIDENT")] == [1, 1, 1]


def test_a_yes_that_was_not_given_is_no_stop(village: Village) -> None:
    village.woman(sms=False)
    assert whole(village, "ES_OPTOUT") == 0


def away(village: Village, until: date) -> list[int]:
    village.clock.moment = at(until, "12:00")
    ids = ("ABS_MISSED", "ABS_DEFAULTER", "ABS_LOST", "ABS_INTERRUPTED")
    return [whole(village, one, "FY2027") for one in ids]


def test_whoever_stays_away_is_missed_then_a_defaulter_interrupted_and_lost(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY, VisitKind.REFILL)
    village.clock.moment = at(MONDAY, "16:00")
    record(village, visit, VisitState.MISSED)
    found = [away(village, MONDAY + days * DAY) for days in (0, 1, 8, 29, 90)]
    assert found == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1]]
    assert whole(village, "ABS_MISSED", "2026-11") == 1  # by the end of November
    assert cells(village, "ABS_MISSED")["service=refill"] == 1


def died(village: Village, woman: UUID) -> None:
    loss = NewLoss(woman, LossKind.MATERNAL_DEATH)
    village.store.write(lambda tx: record_loss(tx, village.parts.programme, loss), OPERATOR)


def erased(village: Village, woman: UUID) -> None:
    village.store.write(lambda tx: replay(tx, [Erasure(woman, tx.now)]), OPERATOR)


@pytest.mark.parametrize("leave", [died, erased])
def test_who_was_away_at_the_end_of_a_month_stays_so_when_she_leaves_later(
    village: Village, leave: Callable[[Village, UUID], None]
) -> None:
    woman = village.woman()
    record(village, village.visit(woman, MONDAY, VisitKind.REFILL), VisitState.MISSED)
    village.clock.moment = at(date(2026, 12, 10), "09:00")
    leave(village, woman)
    assert (whole(village, "ABS_MISSED"), whole(village, "ABS_DEFAULTER", "2026-12")) == (1, 0)


def test_an_infant_that_was_away_at_the_end_of_a_month_stays_so_when_it_leaves(
    village: Village,
) -> None:
    mother = village.woman()
    new = NewInfant(mother, "Lerato", BORN)
    baby = village.store.write(lambda tx: enrol_infant(tx, new, "en"), OPERATOR)
    record(village, village.visit(mother, MONDAY, VisitKind.VACCINE, baby), VisitState.MISSED)
    village.clock.moment = at(date(2026, 12, 10), "09:00")
    gone = ClientState.TRANSFERRED
    village.store.write(lambda tx: record_leaving(tx, village.parts.programme, baby, gone), OPERATOR)
    assert (whole(village, "ABS_MISSED"), whole(village, "ABS_DEFAULTER", "2026-12")) == (1, 0)


def test_whoever_comes_after_people_were_asked_to_look_for_her_has_returned(village: Village) -> None:
    woman = village.woman()
    visit = village.visit(woman, MONDAY, VisitKind.REFILL)
    village.clock.moment = at(MONDAY, "16:00")
    record(village, visit, VisitState.MISSED)
    village.clock.moment = at(MONDAY + 3 * DAY, "10:00")
    ladder.climb_ladders(village.parts)
    assert whole(village, "ES_RTC") == 0
    later = village.visit(woman, MONDAY + 4 * DAY, VisitKind.REFILL)
    village.clock.moment = at(MONDAY + 4 * DAY, "15:00")
    record(village, later, VisitState.ATTENDED)
    assert (whole(village, "ES_RTC"), cells(village, "ES_RTC")["service=refill"]) == (1, 1)
    assert away(village, MONDAY + 5 * DAY) == [0, 0, 0, 0]


def infant(village: Village, born_on: date, mother: ClientKind = ClientKind.PREGNANT) -> UUID:
    new = NewInfant(village.woman(kind=mother), "Lerato", born_on)
    return village.store.write(lambda tx: enrol_infant(tx, new, "en"), OPERATOR)


def sample(village: Village, infant_id: UUID, day: date, result: Result | None = None) -> None:
    village.clock.moment = max(village.clock.moment, at(day, "09:00"))

    def take(tx: Transaction) -> None:
        taken = record_sample(tx, village.parts.programme, infant_id, day)
        assert isinstance(taken, UUID)
        if result:
            record_result(tx, village.parts.programme, taken, result, day)

    village.store.write(take, OPERATOR)


BORN = date(2026, 11, 2)


@pytest.mark.parametrize(("age", "band", "by_two_months"), [(60, "0-2m", 1), (61, "2-12m", 0)])
def test_a_first_sample_counts_on_its_day_by_age_and_in_the_cohort_of_its_birth(
    village: Village, age: int, band: str, by_two_months: int
) -> None:
    baby = infant(village, BORN)
    sample(village, baby, BORN + age * DAY)
    sample(village, baby, BORN + 300 * DAY)
    assert cells(village, "EID_FIRST", "FY2027") == {"": 1, f"infant_age={band}": 1, "sex=unknown": 1}
    assert parts(village, "EID_2M", "2027-01") == (by_two_months, 1)


def test_an_infant_is_in_a_cohort_only_once_it_is_old_enough(village: Village) -> None:
    infant(village, BORN)
    village.clock.moment = at(BORN + 60 * DAY, "12:00")
    assert parts(village, "EID_2M", "2027-01") == (0, 0)


def test_an_infant_that_was_entered_in_two_records_of_its_mother_counts_once(village: Village) -> None:
    kept, other = village.woman(), village.woman("+26658100002", "Thato M")
    new = [NewInfant(mother, "Lerato", BORN) for mother in (kept, other)]
    babies = village.store.write(lambda tx: [enrol_infant(tx, one, "en") for one in new], OPERATOR)
    for baby in babies:
        sample(village, baby, BORN + 40 * DAY)
    assert whole(village, "EID_FIRST", "FY2027") == 2
    same = (SameInfant(*babies),)
    village.store.write(lambda tx: merge(tx, village.parts.programme, kept, other, same), OPERATOR)
    assert whole(village, "EID_FIRST", "FY2027") == 1


def test_whoever_is_in_care_for_prep_has_no_exposed_infant(village: Village) -> None:
    baby = infant(village, BORN, ClientKind.PREP)
    sample(village, baby, BORN + 40 * DAY)
    assert cells(village, "EID_FIRST", "FY2027") == {}


def test_a_positive_infant_counts_once_and_leaves_the_later_tests(village: Village) -> None:
    baby = infant(village, BORN)
    for age in (42, 50):
        sample(village, baby, BORN + age * DAY, Result.POSITIVE)
    village.clock.moment = at(BORN + 800 * DAY, "12:00")
    assert parts(village, "EID_POS_ART", "2026-12") == (0, 1)
    village.store.write(lambda tx: record_care(tx, village.parts.programme, baby, BORN + 45 * DAY), OPERATOR)
    assert parts(village, "EID_POS_ART", "2026-12") == (1, 1)
    assert (parts(village, "EID_9M", "FY2028"), parts(village, "EID_18M", "FY2029")) == ((0, 0), (0, 0))
    assert cells(village, "EID_OUTCOME", "FY2029")["outcome=positive"] == 1


@pytest.mark.parametrize(("weaned", "outcome"), [(450, "negative"), (451, "unknown"), (None, "unknown")])
def test_a_negative_outcome_is_of_a_test_three_months_after_weaning(
    village: Village, weaned: int | None, outcome: str
) -> None:
    baby = infant(village, BORN)
    sample(village, baby, BORN + 540 * DAY, Result.NEGATIVE)
    if weaned:
        day = BORN + weaned * DAY
        village.store.write(lambda tx: record_weaning(tx, village.parts.programme, baby, day), OPERATOR)
    village.clock.moment = at(BORN + 800 * DAY, "12:00")
    assert cells(village, "EID_OUTCOME", "FY2029")[f"outcome={outcome}"] == 1
    assert parts(village, "EID_18M", "FY2029") == (1, 1)
