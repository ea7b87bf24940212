"""What had to leave: a service that says nothing breaks no rule either."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from service.domain.care import VisitState
from service.domain.phone import Phone
from tests.reminders.maseru import MASERU
from tests.year.book import Book, KeptVisit
from tests.year.events import DAY
from tests.year.said import read
from tests.year.watch import closed_before

Away = Sequence[tuple[datetime, datetime]]
"""When there was no worker."""

NEAR = timedelta(days=30)
"""Whatever else happens to her so near to a date may be told instead, or delay it."""


def what_should_have_left(book: Book, away: Away, last: date) -> Iterator[str]:
    """A date that stood still, with nothing else near it, is told a week and a day before."""
    told = set(_told(book))
    for visit in book.visits.values():
        if not _undisturbed(book, visit, away, last):
            continue
        for ahead in (7, 1):
            on = closed_before(visit.day - ahead * DAY)
            if (visit.whose.woman.phone, on, visit.day) not in told:
                yield f"{visit.whose.woman.nickname} was not told of {visit.day} on {on}"


def _told(book: Book) -> Iterator[tuple[Phone, date, date]]:
    """Who was told on which day of which day."""
    for left in book.left:
        today = left.at.astimezone(MASERU).date()
        said = read(left.text, today)
        if said.day:
            yield left.to, today, said.day


def _undisturbed(book: Book, visit: KeptVisit, away: Away, last: date) -> bool:
    return (
        visit.whose.woman.agrees
        and not visit.whose.woman.checks
        and not visit.whose.woman.is_remote
        and len(visit.days) == 1
        and VisitState.CANCELLED not in {state for _, state in visit.outcomes}
        and visit.days[0][0].astimezone(MASERU).date() < visit.day - 10 * DAY
        and visit.day < last
        and not any(_is_near(ends.date(), visit.day) for _, ends in away)
        and not any(_may_disturb(other, visit) for other in book.visits_of(visit.whose))
    )


def _may_disturb(other: KeptVisit, visit: KeptVisit) -> bool:
    if other is visit:
        return False
    moments = [at.date() for at, _ in (*other.days, *other.outcomes)]
    return any(_is_near(one, visit.day) for one in (*moments, *(given for _, given in other.days)))


def _is_near(one: date, other: date) -> bool:
    return abs(one - other) < NEAR
