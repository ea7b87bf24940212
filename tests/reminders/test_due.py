"""What a visit earns, worked out by hand. All times are those of Maseru."""

import pytest

from service.reminders.due import due
from service.reminders.plan import Plan
from tests.reminders.maseru import CALENDAR, STEPS, earned, sent, visit

BY_HAND = {
    "a leap day, a Tuesday": (
        "2028-02-29",
        "Tue 2028-02-15", "Tue 2028-02-22", "Mon 2028-02-28", "Wed 2028-03-01", "Tue 2028-03-07",
    ),
    "the day after a leap day": (
        "2028-03-01",
        "Wed 2028-02-16", "Wed 2028-02-23", "Tue 2028-02-29", "Thu 2028-03-02", "Wed 2028-03-08",
    ),
    "the first of March without a leap day, a Monday: the day before is a Sunday": (
        "2027-03-01",
        "Mon 2027-02-15", "Mon 2027-02-22", "Sat 2027-02-27", "Tue 2027-03-02", "Mon 2027-03-08",
    ),
    "a Saturday: the day after is a Sunday": (
        "2027-03-06",
        "Sat 2027-02-20", "Sat 2027-02-27", "Fri 2027-03-05", "Mon 2027-03-08", "Sat 2027-03-13",
    ),
    "a Sunday: whole weeks away are Sundays too": (
        "2027-03-07",
        "Sat 2027-02-20", "Sat 2027-02-27", "Sat 2027-03-06", "Mon 2027-03-08", "Mon 2027-03-15",
    ),
    "the Tuesday after Easter: Monday and Sunday are closed": (
        "2027-03-30",
        "Tue 2027-03-16", "Tue 2027-03-23", "Sat 2027-03-27", "Wed 2027-03-31", "Tue 2027-04-06",
    ),
    "the Saturday of Easter: Friday before and Monday after are closed": (
        "2027-03-27",
        "Sat 2027-03-13", "Sat 2027-03-20", "Thu 2027-03-25", "Tue 2027-03-30", "Sat 2027-04-03",
    ),
    "the Monday after Christmas: three closed days before it": (
        "2026-12-28",
        "Mon 2026-12-14", "Mon 2026-12-21", "Thu 2026-12-24", "Tue 2026-12-29", "Mon 2027-01-04",
    ),
    "the Saturday after New Year: the week before is Christmas": (
        "2027-01-02",
        "Sat 2026-12-19", "Thu 2026-12-24", "Thu 2026-12-31", "Mon 2027-01-04", "Sat 2027-01-09",
    ),
    "the last of April: the day after is a holiday, then a Sunday": (
        "2027-04-30",
        "Fri 2027-04-16", "Fri 2027-04-23", "Thu 2027-04-29", "Mon 2027-05-03", "Fri 2027-05-07",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BY_HAND)
def test_a_visit_that_was_known_in_time_and_missed_earns_every_step_at_ten(visits: Plan, case: str) -> None:
    day, *expected = BY_HAND[case]
    missed = visit(day, missed=f"{day} 17:30")
    assert earned(visits, missed) == {
        step: f"{when} 10:00" for step, when in zip(STEPS, expected, strict=True)
    }


# The visit of these is Tuesday 29 February 2028: D-14 is Tue 15, D-7 Tue 22, D-3 Sat 26, D-1 Mon 28 February.
TOO_LATE = "skip: too_late"


@pytest.mark.parametrize(
    ("known", "d14", "d7", "d1"),
    [
        ("2028-02-15 10:00", "Tue 2028-02-15 10:00", "Tue 2028-02-22 10:00", "Mon 2028-02-28 10:00"),
        ("2028-02-15 10:01", "Tue 2028-02-15 10:01", "Tue 2028-02-22 10:00", "Mon 2028-02-28 10:00"),
        ("2028-02-19 17:00", "Mon 2028-02-21 09:00", "Tue 2028-02-22 10:00", "Mon 2028-02-28 10:00"),
        # From the evening before D-7 both would go on one day, so the later step speaks for both.
        ("2028-02-21 17:00", "skip: merged", "Tue 2028-02-22 10:00", "Mon 2028-02-28 10:00"),
        ("2028-02-22 08:00", "skip: merged", "Tue 2028-02-22 10:00", "Mon 2028-02-28 10:00"),
        ("2028-02-22 11:30", "skip: merged", "Tue 2028-02-22 11:30", "Mon 2028-02-28 10:00"),
        ("2028-02-22 23:59", "skip: merged", "Wed 2028-02-23 09:00", "Mon 2028-02-28 10:00"),
        ("2028-02-23 00:00", "skip: merged", "Wed 2028-02-23 09:00", "Mon 2028-02-28 10:00"),
        ("2028-02-26 16:59", "skip: merged", "Sat 2028-02-26 16:59", "Mon 2028-02-28 10:00"),
        ("2028-02-26 17:00", TOO_LATE, TOO_LATE, "Mon 2028-02-28 10:00"),
        ("2028-02-27 12:00", TOO_LATE, TOO_LATE, "Mon 2028-02-28 10:00"),
        ("2028-02-28 08:00", TOO_LATE, TOO_LATE, "Mon 2028-02-28 10:00"),
        ("2028-02-28 10:00:01", TOO_LATE, TOO_LATE, "Mon 2028-02-28 10:00"),
        ("2028-02-28 16:59", TOO_LATE, TOO_LATE, "Mon 2028-02-28 16:59"),
        ("2028-02-28 17:00", TOO_LATE, TOO_LATE, TOO_LATE),
        ("2028-02-29 07:00", TOO_LATE, TOO_LATE, TOO_LATE),
        ("2028-03-10 12:00", TOO_LATE, TOO_LATE, TOO_LATE),
    ],
)
def test_a_visit_that_becomes_known_late_earns_what_is_still_useful(
    visits: Plan, known: str, d14: str, d7: str, d1: str
) -> None:
    assert earned(visits, visit("2028-02-29", known)) == {
        "visit_d14": d14,
        "visit_d7": d7,
        "visit_d1": d1,
        "missed_d1": "awaits recorded_miss",
        "missed_d7": "awaits recorded_miss",
    }


@pytest.mark.parametrize(
    ("known", "d1"),
    [
        ("2027-02-27 08:00", "Sat 2027-02-27 10:00"),
        ("2027-02-27 12:00", "Sat 2027-02-27 12:00"),
        ("2027-02-27 17:00", TOO_LATE),
        ("2027-02-28 09:00", TOO_LATE),  # the Sunday
        ("2027-03-01 08:00", TOO_LATE),  # the Monday itself
    ],
)
def test_a_monday_visit_is_named_on_saturday_or_not_at_all(visits: Plan, known: str, d1: str) -> None:
    assert earned(visits, visit("2027-03-01", known))["visit_d1"] == d1


def test_a_visit_imported_on_the_morning_before_it_yields_one_text(visits: Plan) -> None:
    rows = due([visits], visit("2028-02-29", "2028-02-28 08:00"), CALENDAR)
    assert sent(rows) == ["Mon 2028-02-28 10:00"]


# The same visit, missed: D+1 is Wed 1, D+3 Fri 3, D+7 Tue 7, D+13 Mon 13 March.
@pytest.mark.parametrize(
    ("missed", "d1", "d7"),
    [
        ("2028-02-29 17:30", "Wed 2028-03-01 10:00", "Tue 2028-03-07 10:00"),
        ("2028-03-01 09:00", "Wed 2028-03-01 10:00", "Tue 2028-03-07 10:00"),
        ("2028-03-01 15:00", "Wed 2028-03-01 15:00", "Tue 2028-03-07 10:00"),
        ("2028-03-01 17:00", "Thu 2028-03-02 09:00", "Tue 2028-03-07 10:00"),
        ("2028-03-03 16:00", "Fri 2028-03-03 16:00", "Tue 2028-03-07 10:00"),
        ("2028-03-03 17:00", TOO_LATE, "Tue 2028-03-07 10:00"),
        ("2028-03-11 17:00", TOO_LATE, "Mon 2028-03-13 09:00"),
        ("2028-03-13 17:00", TOO_LATE, TOO_LATE),
    ],
)
def test_a_miss_that_is_recorded_late_is_answered_while_it_helps(
    visits: Plan, missed: str, d1: str, d7: str
) -> None:
    rows = earned(visits, visit("2028-02-29", missed=missed))
    assert (rows["missed_d1"], rows["missed_d7"]) == (d1, d7)
