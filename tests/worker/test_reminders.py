"""What becomes of planned reminders when dates move, and when people come or do not come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from scheduler import ladder, planner
from service.actions import visits
from service.domain.care import VisitKind, VisitState
from service.domain.people import OPERATOR
from service.store.models.messages import LedgerEntry, Message
from tests.worker.changes import (
    DAY,
    FRIDAY,
    IN_TWO_WEEKS,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    days_named,
    move,
    record,
)
from tests.worker.village import MONDAY, Village, at

# --- the date moves -------------------------------------------------------------------------------------


def test_a_date_that_moved_before_anything_was_said_is_announced_as_it_is_now(village: Village) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    assert move(village, visit, WEDNESDAY)
    village.work_through(at(MONDAY, "08:00"), at(THURSDAY, "18:00"))
    assert days_named(village) == ["25 Nov"]


def test_a_date_that_moved_after_she_was_told_is_announced_anew(village: Village) -> None:
    visit = village.visit(village.woman(), WEDNESDAY + 7 * DAY)
    village.work_through(at(MONDAY, "08:00"), at(WEDNESDAY, "11:00"))
    move(village, visit, FRIDAY + 7 * DAY)
    village.work_through(at(WEDNESDAY, "11:30"), at(FRIDAY + 7 * DAY, "18:00"))
    assert days_named(village) == ["02 Dec", "04 Dec", "04 Dec"]


def test_a_date_that_came_back_before_she_heard_of_another_is_told_once(village: Village) -> None:
    visit = village.visit(village.woman(), WEDNESDAY + 7 * DAY)
    village.work_through(at(WEDNESDAY, "09:30"), at(WEDNESDAY, "10:30"))
    move(village, visit, WEDNESDAY + 14 * DAY)
    move(village, visit, WEDNESDAY + 7 * DAY)
    village.work_through(at(WEDNESDAY, "11:00"), at(TUESDAY + 7 * DAY, "09:00"))
    assert days_named(village) == ["02 Dec"]


def test_a_date_that_came_back_after_she_heard_of_another_is_told_again(village: Village) -> None:
    visit = village.visit(village.woman(), IN_TWO_WEEKS + 7 * DAY)
    first = IN_TWO_WEEKS
    village.work_through(at(first, "09:30"), at(first, "10:30"))
    move(village, visit, first + 8 * DAY)
    village.work_through(at(first + DAY, "09:30"), at(first + DAY, "10:30"))
    move(village, visit, first + 7 * DAY)
    village.work_through(at(first + 2 * DAY, "09:30"), at(first + 2 * DAY, "11:00"))
    assert days_named(village) == ["16 Dec", "17 Dec", "16 Dec"]


def test_a_text_that_was_queued_for_the_old_date_is_taken_back(village: Village) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    move(village, visit, WEDNESDAY)
    village.work_through(at(MONDAY, "10:30"), at(WEDNESDAY, "18:00"))
    assert days_named(village) == ["25 Nov"]


def test_a_date_that_moved_there_and_back_while_its_text_was_queued_is_still_announced(
    village: Village,
) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    move(village, visit, WEDNESDAY)
    move(village, visit, TUESDAY)
    village.work_through(at(MONDAY, "10:30"), at(TUESDAY, "18:00"))
    assert days_named(village) == ["24 Nov"]


def test_a_visit_cannot_move_onto_another_of_the_same_kind(village: Village) -> None:
    woman = village.woman()
    visit, _ = village.visit(woman, WEDNESDAY), village.visit(woman, THURSDAY)
    assert not move(village, visit, THURSDAY)


def test_the_same_visit_is_planned_once_however_many_say_so_at_once(village: Village) -> None:
    woman = village.woman()
    new = visits.NewVisit(woman, woman, VisitKind.ANC, WEDNESDAY)

    def plan(_: int) -> UUID | None:
        return village.store.write(lambda tx: visits.plan_visit(tx, village.parts.programme, new), OPERATOR)

    with ThreadPoolExecutor(4) as threads:
        planned = [visit for visit in threads.map(plan, range(8)) if visit]
    assert len(planned) == 1
    assert len(village.rows(LedgerEntry.id)) == len(village.ledger())


# --- she came, she did not come, nobody knows -------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reason"), [(VisitState.ATTENDED, "attended"), (VisitState.CANCELLED, "cancelled_visit")]
)
def test_what_is_settled_before_needs_no_reminder(village: Village, outcome: VisitState, reason: str) -> None:
    visit = village.visit(village.woman(), WEDNESDAY)
    record(village, visit, outcome)
    village.work_through(at(MONDAY, "08:00"), at(FRIDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", reason)


def test_a_text_that_is_queued_when_she_comes_does_not_go(village: Village) -> None:
    visit = village.visit(village.woman(), TUESDAY)
    village.clock.moment = at(MONDAY, "10:00")
    planner.put_due(village.parts)
    record(village, visit, VisitState.ATTENDED)
    village.dispatch()
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", "attended")


def test_a_miss_recorded_the_same_day_is_followed_by_yesterday(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.clock.moment = at(MONDAY, "16:00")
    record(village, visit, VisitState.MISSED)
    village.work_through(at(MONDAY, "16:30"), at(TUESDAY, "18:00"))
    (message,) = village.gateway.sent
    assert message.text.startswith("Hello Thato, we missed you yesterday.")


def test_a_miss_recorded_late_says_nothing_of_yesterday(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.work_through(at(TUESDAY, "08:00"), at(WEDNESDAY, "08:00"))
    record(village, visit, VisitState.MISSED)
    village.work_through(at(WEDNESDAY, "08:30"), at(WEDNESDAY, "18:00"))
    (message,) = village.gateway.sent
    assert "yesterday" not in message.text
    assert [row.sent_at for row in village.rows(Message.sent_at)] == [at(WEDNESDAY, "09:00")]


def test_nothing_says_that_she_was_missed_before_a_person_recorded_it(village: Village) -> None:
    village.visit(village.woman(), MONDAY)
    village.work_through(at(TUESDAY, "08:00"), at(MONDAY + 8 * DAY, "18:00"), every=timedelta(hours=2))
    assert village.gateway.sent == []
    assert village.ledger()["missed_d1"] == ("suppressed", "miss_not_recorded")


@pytest.mark.parametrize("corrected_at", ["12:00", "16:00"])
def test_an_attendance_that_is_corrected_to_a_miss_earns_its_reminder(
    village: Village, corrected_at: str
) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.clock.moment = at(MONDAY, "11:00")
    record(village, visit, VisitState.ATTENDED)
    village.clock.moment = at(MONDAY, corrected_at)
    record(village, visit, VisitState.MISSED)
    village.work_through(at(MONDAY, "17:00"), at(TUESDAY, "18:00"))
    assert len(village.gateway.sent) == 1


def test_a_miss_that_is_corrected_to_an_attendance_is_not_held_against_her(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    record(village, visit, VisitState.MISSED)
    record(village, visit, VisitState.ATTENDED)
    village.work_through(at(MONDAY, "17:00"), at(FRIDAY, "18:00"))
    assert village.gateway.sent == []


def test_closing_a_day_records_who_was_missed_once(village: Village) -> None:
    came, missed = village.woman(), village.woman("+26658100002", "Lerato")
    attended, other = village.visit(came, MONDAY), village.visit(missed, MONDAY)
    record(village, attended, VisitState.ATTENDED)

    def close() -> int:
        return village.store.write(
            lambda tx: visits.close_day(tx, village.parts.programme, village.site, MONDAY), OPERATOR
        )

    assert (close(), close()) == (1, 0)
    assert village.visit_state(attended)[0] == "attended"
    assert village.visit_state(other)[0] == "missed"


def test_a_day_that_passes_unrecorded_asks_a_person_once(village: Village) -> None:
    visit = village.visit(village.woman(), MONDAY)
    village.clock.moment = at(TUESDAY, "08:00")
    assert ladder.ask_who_came(village.parts) == 1
    assert ladder.ask_who_came(village.parts) == 0
    assert village.visit_state(visit)[0] == "not_known"
    assert village.tasks() == ["did_she_come"]


def test_a_visit_of_today_is_not_yet_unrecorded(village: Village) -> None:
    village.visit(village.woman(), MONDAY)
    village.clock.moment = at(MONDAY, "23:30")
    assert ladder.ask_who_came(village.parts) == 0


def test_two_workers_ask_about_a_visit_once(village: Village) -> None:
    for number in range(20):
        village.visit(village.woman(f"+2665810{number:04}", f"Name{number}"), MONDAY)
    village.clock.moment = at(TUESDAY, "08:00")
    with ThreadPoolExecutor(4) as threads:
        asked = sum(threads.map(lambda _: ladder.ask_who_came(village.parts), range(4)))
    assert asked == 20
    assert len(village.tasks()) == 20
