"""Who has not come, for how long, and what an absence of that length is called."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from service.domain.care import VisitKind, VisitState
from service.domain.ladder import FROM_28_ON, MORE_THAN_28, Limits
from service.domain.people import OPERATOR, ClientState
from service.reports.absences import Absent, absences
from service.store.models.people import Client
from tests.worker.changes import move, record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)


def absent(village: Village, days: int, limits: Limits = MORE_THAN_28) -> tuple[Absent, ...]:
    """As it is so many days after Monday."""
    return village.store.read(lambda reading: absences(reading, MONDAY + days * DAY, limits))


def missed(village: Village, woman: UUID, day: date = MONDAY, kind: VisitKind = VisitKind.REFILL) -> UUID:
    visit = village.visit(woman, day, kind)
    village.clock.moment = at(day, "16:00")
    record(village, visit, VisitState.MISSED)
    return visit


@pytest.mark.parametrize(
    ("days", "called", "interrupted"),
    [
        (1, "missed", False),
        (7, "missed", False),
        (8, "defaulter", False),
        (28, "defaulter", False),
        (29, "defaulter", True),
        (89, "defaulter", True),
        (90, "lost", True),
    ],
)
def test_an_absence_is_called_by_its_days(
    village: Village, days: int, called: str, interrupted: bool
) -> None:
    missed(village, village.woman())
    (found,) = absent(village, days)
    assert (found.days, found.absence, found.interrupted) == (days, called, interrupted)
    assert (found.expected_on, found.kind, found.whose, found.site) == (
        MONDAY,
        VisitKind.REFILL,
        "self",
        "Ha Demo",
    )


def test_the_other_convention_of_an_interruption_begins_a_day_earlier(village: Village) -> None:
    missed(village, village.woman())
    assert [one.interrupted for one in absent(village, 28, FROM_28_ON)] == [True]


def test_on_the_day_itself_nobody_is_absent(village: Village) -> None:
    missed(village, village.woman())
    assert absent(village, 0) == ()


def test_whoever_was_only_expected_is_not_absent(village: Village) -> None:
    village.visit(village.woman(), MONDAY)
    assert absent(village, 5) == ()


def test_whoever_came_is_not_absent(village: Village) -> None:
    record(village, missed(village, village.woman()), VisitState.ATTENDED)
    assert absent(village, 5) == ()


def test_whoever_came_to_a_later_visit_of_the_kind_is_not_absent(village: Village) -> None:
    woman = village.woman()
    missed(village, woman)
    later = village.visit(woman, MONDAY + 3 * DAY, VisitKind.REFILL)
    assert len(absent(village, 5)) == 1
    record(village, later, VisitState.ATTENDED)
    assert absent(village, 5) == ()


def test_whoever_came_to_something_else_is_absent_still(village: Village) -> None:
    woman = village.woman()
    missed(village, woman)
    record(village, village.visit(woman, MONDAY + 3 * DAY, VisitKind.ANC), VisitState.ATTENDED)
    assert len(absent(village, 5)) == 1


def test_an_absence_counts_from_the_first_day_however_often_another_is_agreed(village: Village) -> None:
    visit = missed(village, village.woman())
    move(village, visit, MONDAY + 10 * DAY)
    assert [one.days for one in absent(village, 20)] == [20]
    village.clock.moment = at(MONDAY + 10 * DAY, "16:00")
    record(village, visit, VisitState.MISSED)
    assert [one.days for one in absent(village, 20)] == [20]
    record(village, visit, VisitState.ATTENDED)
    assert absent(village, 20) == ()


def test_several_misses_of_one_kind_are_one_absence(village: Village) -> None:
    woman = village.woman()
    for number in range(3):
        missed(village, woman, MONDAY + number * 28 * DAY)
    assert [(one.days, one.absence) for one in absent(village, 90)] == [(90, "lost")]


def test_a_miss_before_she_last_came_is_over(village: Village) -> None:
    woman = village.woman()
    missed(village, woman)
    record(village, village.visit(woman, MONDAY + 5 * DAY, VisitKind.REFILL), VisitState.ATTENDED)
    missed(village, woman, MONDAY + 33 * DAY)
    assert [one.days for one in absent(village, 40)] == [7]


def test_a_miss_that_was_corrected_is_none(village: Village) -> None:
    visit = missed(village, village.woman())
    record(village, visit, VisitState.CANCELLED)
    assert absent(village, 20) == ()


@pytest.mark.parametrize("state", [ClientState.TRANSFERRED, ClientState.ENDED, ClientState.DIED])
def test_whoever_is_not_looked_for_is_not_in_it(village: Village, state: ClientState) -> None:
    missed(village, village.woman())
    village.store.write(lambda tx: tx.connection.execute(update(Client).values(state=state)), OPERATOR)
    assert absent(village, 20) == ()
