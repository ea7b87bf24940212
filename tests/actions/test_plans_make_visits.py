"""Visits that plans ask for, and who wins where a person has said something about them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from scheduler import planner
from service.actions import dates, enrol, prove, remind, samples, site_rules, visits
from service.actions.visits import Came, NewVisit
from service.domain.care import Done, VisitKind, VisitState
from service.domain.people import OPERATOR, ClientKind, ClientState
from service.store.models.care import Visit, VisitEvent
from service.store.models.messages import LedgerEntry
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
TESTS, VACCINES = VisitKind.INFANT_TEST, VisitKind.VACCINE


def born(village: Village, woman: UUID, day: date, **known: Any) -> UUID:
    new = enrol.NewInfant(woman, "Pule", day, **known)
    infant = village.store.write(lambda tx: enrol.enrol_infant(tx, new, "en"), OPERATOR)
    planner.keep_in_line(village.parts)
    return infant


def expected(village: Village, kind: VisitKind, state: VisitState = VisitState.PLANNED) -> list[date]:
    rows = village.rows(Visit.kind, Visit.day, Visit.state)
    return sorted(row.day for row in rows if row.kind is kind and row.state is state)


def earned(village: Village, step: str) -> UUID:
    rows = village.rows(Visit.id, Visit.earned_step)
    found: UUID = next(row.id for row in rows if row.earned_step == step)
    return found


def proved(village: Village) -> bool:
    return village.store.read(lambda reading: prove.prove(reading, village.parts.programme)).holds


def test_an_exposed_newborn_is_expected_for_every_test(village: Village) -> None:
    born(village, village.woman(), MONDAY)
    weeks_6, months_9, months_18 = MONDAY + 42 * DAY, MONDAY + 274 * DAY, MONDAY + 548 * DAY
    assert expected(village, TESTS) == [weeks_6, months_9, months_18]
    assert proved(village)


def test_an_infant_enrolled_late_gets_the_earliest_undone_test_now_and_goes_on(village: Village) -> None:
    born(village, village.woman(), MONDAY - 100 * DAY)
    first, second, _ = expected(village, TESTS)
    assert first == MONDAY + DAY
    assert second == date(2027, 5, 17)  # 274 days old on a Sunday


def test_the_child_of_a_woman_who_tested_negative_is_not_tested(village: Village) -> None:
    born(village, village.woman(kind=ClientKind.PREP), MONDAY)
    assert expected(village, TESTS) == []
    assert expected(village, VACCINES)


def test_an_infant_of_whom_only_its_mother_told_is_planned_for(village: Village) -> None:
    born(village, village.woman(), MONDAY, state=ClientState.PENDING)
    assert expected(village, TESTS)


def test_weaning_dates_the_final_test_from_its_day(village: Village) -> None:
    infant = born(village, village.woman(), MONDAY - 540 * DAY)
    weaned = MONDAY - 3 * DAY
    village.store.write(
        lambda tx: samples.record_weaning(tx, village.parts.programme, infant, weaned), OPERATOR
    )
    assert weaned + 90 * DAY <= expected(village, TESTS)[-1] <= weaned + 92 * DAY


def test_no_antenatal_day_is_left_after_the_birth(village: Village) -> None:
    programme = village.parts.programme
    woman = village.woman(edd=MONDAY + 60 * DAY)
    village.store.write(
        lambda tx: site_rules.switch_step(tx, programme, village.site, "anc_36w", is_on=True), OPERATOR
    )
    planner.keep_in_line(village.parts)
    assert expected(village, VisitKind.ANC)
    village.store.write(lambda tx: dates.record_delivery(tx, programme, woman, MONDAY), OPERATOR)
    assert expected(village, VisitKind.ANC) == []
    assert proved(village)


def test_again_changes_nothing(village: Village) -> None:
    woman = village.woman()
    born(village, woman, MONDAY)
    before = sorted(map(str, village.rows(*LedgerEntry.__table__.c))), len(village.rows(Visit.id))
    village.store.write(lambda tx: remind.align(tx, village.parts.programme, (woman,)), OPERATOR)
    assert (sorted(map(str, village.rows(*LedgerEntry.__table__.c))), len(village.rows(Visit.id))) == before


def test_a_date_that_a_person_writes_in_the_window_wins(village: Village) -> None:
    woman = village.woman()
    infant = born(village, woman, MONDAY)
    written = MONDAY + 45 * DAY
    village.visit(woman, written, TESTS, infant)
    assert written in expected(village, TESTS)
    assert expected(village, TESTS, VisitState.CANCELLED) == [MONDAY + 42 * DAY]
    assert proved(village)


def test_the_very_day_that_a_plan_had_asked_for_may_be_written_too(village: Village) -> None:
    woman = village.woman()
    infant = born(village, woman, MONDAY)
    visit = village.visit(woman, MONDAY + 42 * DAY, TESTS, infant)
    assert visit == earned(village, "eid_6w")
    assert [
        row.dated_by_person for row in village.rows(Visit.id, Visit.dated_by_person) if row.id == visit
    ] == [True]


def corrected(village: Village, infant: UUID, day: date) -> None:
    """The day of birth was another one."""
    village.store.write(lambda tx: dates.correct_birth(tx, village.parts.programme, infant, day), OPERATOR)


def test_a_plans_own_day_follows_the_date_from_which_it_counts(village: Village) -> None:
    woman = village.woman()
    infant = born(village, woman, MONDAY)
    corrected(village, infant, MONDAY - 7 * DAY)
    assert expected(village, TESTS)[0] == MONDAY + 35 * DAY
    assert proved(village)


@pytest.mark.parametrize("touch", ["moved", "confirmed"])
def test_a_day_that_somebody_agreed_to_stays(village: Village, touch: str) -> None:
    woman = village.woman()
    infant = born(village, woman, MONDAY)
    visit, agreed = earned(village, "eid_6w"), MONDAY + 42 * DAY
    if touch == "moved":
        agreed += DAY
        village.store.write(
            lambda tx: visits.move_visit(tx, village.parts.programme, visit, agreed), OPERATOR
        )
    else:
        village.store.write(lambda tx: visits.confirm_visit(tx, visit), OPERATOR)
    corrected(village, infant, MONDAY - 7 * DAY)
    assert agreed in expected(village, TESTS)


def test_what_a_person_cancelled_no_plan_brings_back(village: Village) -> None:
    woman = village.woman()
    born(village, woman, MONDAY)
    visit = earned(village, "eid_6w")
    village.store.write(
        lambda tx: visits.cancel_visit(tx, village.parts.programme, visit, "tested elsewhere"), OPERATOR
    )
    village.store.write(lambda tx: remind.align(tx, village.parts.programme, (woman,)), OPERATOR)
    assert village.visit_state(visit)[0] == "cancelled"
    assert proved(village)


def test_what_was_handed_out_says_when_it_ends(village: Village) -> None:
    woman = village.woman()
    visit = village.visit(woman, MONDAY, VisitKind.REFILL)
    came = Came(days_supplied=28)
    village.store.write(
        lambda tx: visits.record_attendance(
            tx, village.parts.programme, visit, VisitState.ATTENDED, came=came
        ),
        OPERATOR,
    )
    assert expected(village, VisitKind.REFILL) == [MONDAY + 28 * DAY]


def test_several_things_may_be_done_at_one_visit(village: Village) -> None:
    woman = village.woman()
    visit = village.visit(woman, MONDAY, VisitKind.FAMILY_PLANNING)
    came = Came(done=frozenset({Done.DMPA_IM, Done.CERVICAL_SCREENED}))
    village.store.write(
        lambda tx: visits.record_attendance(
            tx, village.parts.programme, visit, VisitState.ATTENDED, came=came
        ),
        OPERATOR,
    )
    steps = {row.earned_step for row in village.rows(Visit.earned_step)}
    assert {"fp_dmpa_im", "cervical_next"} <= steps


def test_a_site_that_turns_a_step_off_and_on_loses_no_visit(village: Village) -> None:
    born(village, village.woman(), MONDAY)

    def turn(*, on: bool) -> None:
        village.store.write(
            lambda tx: site_rules.switch_step(tx, village.parts.programme, village.site, "eid_9m", is_on=on),
            OPERATOR,
        )
        planner.keep_in_line(village.parts)

    nine_months = MONDAY + 274 * DAY
    turn(on=False)
    assert nine_months not in expected(village, TESTS)
    assert proved(village)
    turn(on=True)
    assert nine_months in expected(village, TESTS)
    assert proved(village)


def test_an_infant_known_before_there_were_plans_is_expected_tomorrow(village: Village) -> None:
    new = enrol.NewInfant(village.woman(), "Pule", MONDAY)
    village.store.write(lambda tx: enrol.enrol_infant(tx, new, "en"), OPERATOR)
    village.clock.moment = at(MONDAY + 50 * DAY, "10:00")
    planner.keep_in_line(village.parts)
    assert expected(village, TESTS)[0] == MONDAY + 51 * DAY


def test_nobody_is_expected_in_the_past(village: Village) -> None:
    woman = village.woman()
    born(village, woman, MONDAY)
    lost = earned(village, "eid_6w")
    village.clock.moment = at(MONDAY + 43 * DAY, "10:00")

    def lose(tx: Any) -> None:
        tx.connection.execute(delete(VisitEvent).where(VisitEvent.visit_id == lost))
        tx.connection.execute(delete(Visit).where(Visit.id == lost))
        remind.align(tx, village.parts.programme, (woman,))

    village.store.write(lose, OPERATOR)
    assert "eid_6w" not in {row.earned_step for row in village.rows(Visit.earned_step)}


def test_a_visit_written_twice_is_known(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, MONDAY + 9 * DAY)
    new = NewVisit(woman, woman, VisitKind.ANC, MONDAY + 9 * DAY)
    programme = village.parts.programme
    assert village.store.write(lambda tx: visits.plan_visit(tx, programme, new), OPERATOR) is None
    counted = select(func.count()).select_from(Visit)
    assert village.store.read(lambda reading: reading.connection.scalar(counted)) == 1
