"""What must hold of everything that left, judged by the book and by rules that are written down here anew."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from service.domain.care import VisitState
from service.domain.phone import Phone
from tests.reminders.maseru import MASERU
from tests.year.book import Book, Gathering, KeptVisit, Left
from tests.year.events import DAY, is_open, open_day
from tests.year.people import STAFF, Known
from tests.year.said import Said, Sense, read

OPENS, CLOSES = time(9), time(17)
A_DAY, A_WEEK = 1, 3
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
AN_ANSWER = timedelta(minutes=10)
"""What leaves so soon after a text of hers is the answer to it, which no hour and no cap holds back."""


@dataclass
class Watch:
    """``complaints`` should stay empty. ``senses`` counts what was said."""

    book: Book
    complaints: list[str] = field(default_factory=list)
    senses: Counter[Sense] = field(default_factory=Counter)
    _seen: int = 0
    _days: defaultdict[Phone, list[date]] = field(default_factory=lambda: defaultdict(list))
    _told: Counter[tuple[Phone, str, date | None]] = field(default_factory=Counter)

    def look(self) -> list[tuple[Phone, Said]]:
        """At the texts that left since the last look, and what each said to whom."""
        new, self._seen = self.book.left[self._seen :], len(self.book.left)
        return [(left.to, self._judge(left)) for left in new]

    def _judge(self, left: Left) -> Said:
        if left.to.e164.startswith(STAFF):
            return Said(Sense.TO_STAFF, None)
        known = self.book.people.get(left.to)
        if known is None:
            self.complaints.append(f"{left.at}: a text to a phone that is nobody's")
            return Said(Sense.OTHER, None)
        local = left.at.astimezone(MASERU)
        said = read(left.text, local.date())
        if left.at - self.book.wrote.get(left.to, NEVER) < AN_ANSWER:
            return said
        self.senses[said.sense] += 1
        wrong = [
            *self._of_the_hour(known, local),
            *self._of_how_often(left, known, said, local.date()),
            *self._of_the_words(known, said, local),
        ]
        name = known.woman.nickname
        self.complaints += [f"{local:%a %F %H:%M} {name}, {left.text!r}: {what}" for what in wrong]
        return said

    # --- the hour

    def _of_the_hour(self, known: Known, local: datetime) -> Iterator[str]:
        starts, ends = known.woman.hours or (OPENS, CLOSES)
        if not starts <= local.time() < ends:
            yield "it is night, or not her hour"
        if not is_open(local.date()):
            yield "it is a Sunday or a holiday"
        if not known.woman.agrees:
            yield "she did not agree to texts"

    # --- how often

    def _of_how_often(self, left: Left, known: Known, said: Said, today: date) -> Iterator[str]:
        if said.sense is Sense.WHOSE_PHONE:
            return
        days = self._days[left.to]
        days.append(today)
        if sum(day == today for day in days) > A_DAY:
            yield "it is the second of the day"
        if sum(day > today - 7 * DAY for day in days) > A_WEEK:
            yield "it is the fourth in seven days"
        words = (left.to, left.text, said.day)
        self._told[words] += 1
        if said.day and self._told[words] > self._times(known, said.day):
            yield "she was told so before"

    def _times(self, known: Known, day: date) -> int:
        """Two weeks, one week and a closed day before, each time that a date is given."""
        return 3 * max(1, sum(visit.times_on(day) for visit in self.book.visits_of(known)))

    # --- the words

    def _of_the_words(self, known: Known, said: Said, local: datetime) -> Iterator[str]:
        match said.sense:
            case Sense.DATE | Sense.TOMORROW:
                yield from self._of_a_date(known, said, local)
            case Sense.MISSED | Sense.MISSED_YESTERDAY:
                if not any(_may_be_missed(visit, said, local) for visit in self.book.visits_of(known)):
                    yield "nobody recorded such a miss, or it is too late for it"
            case Sense.INVITED | Sense.OFF:
                yield from self._of_a_gathering(known, said, local.date())
            case Sense.HOW_ARE_YOU if known.woman.checks is None:
                yield "she did not wish to be asked"
            case Sense.OTHER:
                yield "nobody expected such a text"

    def _of_a_date(self, known: Known, said: Said, local: datetime) -> Iterator[str]:
        today = local.date()
        standing = {visit.day for visit in self.book.visits_of(known) if visit.state is VisitState.PLANNED}
        standing |= {
            one.day
            for one in self.book.gatherings_of(known)
            if one.stands() and known.woman.phone in one.coming
        }
        if said.day not in standing:
            yield "it is no date of hers"
        elif said.sense is Sense.TOMORROW and said.day != today + DAY:
            yield "it is not tomorrow"
        elif said.day and not _in_time(said.day, today):
            yield "it is past its latest moment"

    def _of_a_gathering(self, known: Known, said: Said, today: date) -> Iterator[str]:
        phone, gatherings = known.woman.phone, self.book.gatherings_of(known)
        there = next((one for one in gatherings if one.stands(said.day)), None)
        if said.sense is Sense.OFF:
            if not any((phone, said.day) in one.knew for one in gatherings):
                yield "she knew of no such day, or it is not off"
        elif there is None:
            yield "nobody comes to her place that day"
        else:
            yield from _of_an_invitation(there, phone, today)
            there.invite(phone)


def _of_an_invitation(there: Gathering, phone: Phone, today: date) -> Iterator[str]:
    """Once, between a week and two days before, to who has not answered yet."""
    if phone in there.asked | there.coming | there.staying:
        yield "she was asked before, or has answered"
    if not closed_before(there.day - 7 * DAY) <= today <= closed_before(there.day - 2 * DAY):
        yield "it is too early for it, or past its latest moment"


def closed_before(day: date) -> date:
    """The last open day up to ``day``."""
    while not is_open(day):
        day -= DAY
    return day


def _in_time(day: date, today: date) -> bool:
    """A week or two before until the third day before it, or on the last open day before it."""
    ahead = closed_before(day - 14 * DAY) <= today <= closed_before(day - 3 * DAY)
    return ahead or today == closed_before(day - DAY)


def _may_be_missed(visit: KeptVisit, said: Said, local: datetime) -> bool:
    """Recorded as missed before now and not otherwise since; the day after, or up to the thirteenth."""
    if visit.state is not VisitState.MISSED or visit.outcomes[-1][0] > local:
        return False
    if said.sense is Sense.MISSED_YESTERDAY:
        return local.date() == visit.day + DAY
    return visit.day < local.date() <= open_day(visit.day + 13 * DAY)
