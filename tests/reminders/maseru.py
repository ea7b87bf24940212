"""Visits on a paper calendar of Maseru: texts go 09:00-17:00, Monday to Saturday, not on these holidays."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Final, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from service.domain.care import VisitKind
from service.domain.hours import Calendar
from service.domain.people import SafeTimes
from service.reminders.due import Awaits, DueStep, HandToPerson, Known, Outcome, Send, Skip, Subject, due
from service.reminders.outcome import Ask
from service.reminders.plan import Anchor, Plan, Whose

MASERU = ZoneInfo("Africa/Maseru")
HOLIDAYS: Final = frozenset(
    date.fromisoformat(f"{year}-{day}")
    for year, days in {
        2026: "12-25 12-26",
        2027: "01-01 03-11 03-26 03-29 05-01 05-06 05-25 07-17 10-04 12-25 12-26",
        2028: "01-01 03-11 04-14 04-17 05-01 05-25 07-17 10-04 12-25 12-26",
        2029: "01-01 03-11 03-30 04-02 05-01 05-10 05-25 07-17 10-04 12-25 12-26",
        2030: "01-01 03-11 04-19 04-22 05-01 05-25 05-30 07-17 10-04 12-25 12-26",
    }.items()
    for day in days.split()
)
"""New Year, Moshoeshoe's Day, Good Friday and Easter Monday, Workers', Ascension and Heroes' Day, the King's
Birthday, Independence Day, Christmas and the day after."""
CALENDAR = Calendar(MASERU, SafeTimes(time(9), time(17), frozenset(range(1, 7))), HOLIDAYS)
VISIT_ID = UUID(int=7)
LONG_AGO = "2026-11-02 12:00"
STEPS = ("visit_d14", "visit_d7", "visit_d1", "missed_d1", "missed_d7")


def maseru(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MASERU).astimezone(UTC)


def known(day: str, on: str = "") -> Known:
    """A local day that became known on it, on another, or at a moment; at noon if no hour is given."""
    when = on or day
    return Known(date.fromisoformat(day), maseru(when if ":" in when else f"{when} 12:00"))


def visit(day: str, known: str = LONG_AGO, interval: int | None = 84, missed: str | None = None) -> Subject:
    return Subject(
        id=VISIT_ID,
        whose=Whose.SELF,
        anchors={Anchor.VISIT: Known(date.fromisoformat(day), maseru(known))},
        kind=VisitKind.REFILL,
        interval_days=interval,
        missed_at=maseru(missed) if missed else None,
    )


def read(outcome: Outcome | Ask) -> str:
    match outcome:
        case Send(at) | Ask(at):
            local = at.astimezone(MASERU)
            return f"{local:%a %F} {local.time().isoformat('seconds').removesuffix(':00')}"
        case Skip(reason):
            return f"skip: {reason}"
        case HandToPerson(reason):
            return f"person: {reason}"
        case Awaits(what):
            return f"awaits {what}"
        case _:
            assert_never(outcome)


def earned(plan: Plan, subject: Subject, calendar: Calendar = CALENDAR) -> dict[str, str]:
    return {row.step.id: read(row.outcome) for row in due([plan], subject, calendar)}


def sent(rows: Iterable[DueStep]) -> list[str]:
    return [read(row.outcome) for row in rows if isinstance(row.outcome, Send)]
