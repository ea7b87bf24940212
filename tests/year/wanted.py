"""What had to leave: a service that says nothing breaks no rule either."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from service.domain.care import VisitState
from service.domain.phone import Phone
from tests.reminders.maseru import MASERU
from tests.year.book import Book, KeptVisit
from tests.year.events import DAY, is_open
from tests.year.people import Known
from tests.year.said import Sense, read
from tests.year.watch import A_DAY, A_WEEK, closed_before

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


def invitations_that_should_have_left(book: Book, away: Away, last: date) -> Iterator[str]:
    """Whoever is to be invited is, once, if there was a day on which to do it."""
    told = Counter(_invited(book))
    texted = Counter((left.to, left.at.astimezone(MASERU).date()) for left in book.left)
    for known, day, since in _to_be_invited(book):
        window = _window(day, since, away)
        times = told[known.woman.phone, day]
        could_be = day < last and any(_has_room(texted, known, on) for on in window)
        if times > 1 or (times == 0 and could_be):
            yield f"{known.woman.nickname} was invited {times} times to {day}"


def _to_be_invited(book: Book) -> Iterator[tuple[Known, date, datetime]]:
    """Everybody of a place who agreed to texts, to each day there that stood, and when it was set."""
    for gathering in book.gatherings.values():
        for day, since, until in gathering.spans():
            if until and until.astimezone(MASERU).date() <= _last_moment(day):
                continue
            for known in book.of_place(gathering.place_id):
                if known.woman.agrees and (known.woman.phone, day) not in gathering.brought:
                    yield known, day, since


def _window(day: date, since: datetime, away: Away) -> Iterator[date]:
    """The open days with a worker on which to invite to a day, from that on after it was set."""
    on = max(closed_before(day - 7 * DAY), since.astimezone(MASERU).date() + DAY)
    while on <= _last_moment(day):
        if is_open(on) and not any(begins.date() <= on <= ends.date() for begins, ends in away):
            yield on
        on += DAY


def _last_moment(day: date) -> date:
    """The last on which an invitation helps."""
    return closed_before(day - 2 * DAY)


def _has_room(texted: Counter[tuple[Phone, date]], known: Known, on: date) -> bool:
    """Whether she was here, and got so few texts that one more may go on that day."""
    week = [texted[known.woman.phone, on - ago * DAY] for ago in range(7)]
    return known.woman.enrolled_on < on and week[0] < A_DAY and sum(week) < A_WEEK


def _invited(book: Book) -> Iterator[tuple[Phone, date]]:
    """Whom a text invited to which day, while there was time to find a way there."""
    for left in book.left:
        today = left.at.astimezone(MASERU).date()
        said = read(left.text, today)
        if said.sense is Sense.INVITED and said.day and today <= _last_moment(said.day):
            yield left.to, said.day


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
