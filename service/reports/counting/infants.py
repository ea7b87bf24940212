"""Exposed infants on their way from birth to the final outcome. Results are counted, never told of one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from service.domain.cascade import FinalStatus, Result, is_exposed
from service.domain.people import ClientKind, ClientState
from service.domain.period import Period
from service.reports.counting.definitions import Dimension, Numbers
from service.reports.counting.fact import Fact, Somebody
from service.reports.counting.ground import Ground, Woman, chunks, women
from service.store.models.people import Client, Infant, Person
from service.store.models.plans import InfantSample

EXPOSED_INFANT: Final = "exposed_infant"
EARLY, LATER = "0-2m", "2-12m"
_CHILD: Final = aliased(Person)


@dataclass(frozen=True)
class _Infant:
    """``samples`` are days of age and results, in the order in which the samples were taken."""

    who: Somebody
    mother: Woman
    born_on: date
    weaned_on: date | None
    in_care: bool
    samples: tuple[tuple[int, Result | None], ...]

    def on(self, age: int) -> date:
        """The day on which it is so many days old."""
        return self.born_on + timedelta(days=age)

    @property
    def positive_at(self) -> int | None:
        return next((age for age, result in self.samples if result is Result.POSITIVE), None)

    def sampled(self, first: int, last: int) -> bool:
        return any(first <= age <= last for age, _ in self.samples)


def first_samples(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for the first sample of each infant and one for the first that was positive, by 12 months."""
    numbers = ground.definitions.numbers
    taken = InfantSample.taken_on >= period.first, InfantSample.taken_on < period.end
    for infant in _infants(ground, Infant.id.in_(select(InfantSample.infant_id).where(*taken))):
        first = infant.samples[0][0] if infant.samples else None
        positive = {"positive", *(["positive_in_care"] if infant.in_care else [])}
        for age, tags in ((first, {"first"}), (infant.positive_at, positive)):
            if age is not None and age <= numbers.first_test_days and infant.on(age) in period:
                early = age <= numbers.early_test_days
                values = {Dimension.INFANT_AGE: EARLY if early else LATER}
                yield _fact(ground, infant, infant.on(age), tags, values)


def infant_cohorts(ground: Ground, period: Period) -> Iterator[Fact]:
    """Facts on the days on which an infant passes the ends of windows, up to today."""
    numbers = ground.definitions.numbers
    born = or_(*(_born(period, age) for age in ages_past_windows(numbers)))
    for infant in _infants(ground, born):
        for age, tags in _milestones(infant, numbers):
            day = infant.on(age + 1)
            if day in period and day <= ground.today:
                outcome = {Dimension.OUTCOME: str(_outcome(infant, numbers))}
                yield _fact(ground, infant, day, tags, outcome if "past_24_months" in tags else {})


def ages_past_windows(numbers: Numbers) -> tuple[int, ...]:
    """In days, on which an infant is past a window."""
    last = (numbers.early_test_days, numbers.first_test_days)
    return tuple(age + 1 for age in (*last, numbers.nine_months_to_day, numbers.eighteen_months_to_day))


def _born(period: Period, age: int) -> ColumnElement[bool]:
    """Who is so many days old in the period."""
    earliest, end = (day - timedelta(days=age) for day in (period.first, period.end))
    return (_CHILD.born_on >= earliest) & (_CHILD.born_on < end)


def _milestones(infant: _Infant, numbers: Numbers) -> Iterator[tuple[int, set[str]]]:
    """The last days of age of each window, with what there is to say of it."""
    yield (
        numbers.early_test_days,
        _tested(infant, "past_2_months", "tested_by_2_months", numbers.early_test_days),
    )
    year = numbers.first_test_days
    yield year, _tested(infant, "past_12_months", "tested_by_12_months", year)
    first, last = numbers.nine_months_from_day, numbers.nine_months_to_day
    if not _positive_before(infant, first):
        yield last, _tested(infant, "past_9_months", "tested_at_9_months", last, first)
    first, last = numbers.eighteen_months_from_day, numbers.eighteen_months_to_day
    if not _positive_before(infant, first):
        yield last, _tested(infant, "past_18_months", "tested_at_18_months", last, first)
    known = _outcome(infant, numbers) is not FinalStatus.UNKNOWN
    yield last, {"past_24_months", *(["final_known"] if known else [])}


def _tested(infant: _Infant, past: str, tested: str, last: int, first: int = 0) -> set[str]:
    return {past, *([tested] if infant.sampled(first, last) else [])}


def _positive_before(infant: _Infant, age: int) -> bool:
    return infant.positive_at is not None and infant.positive_at < age


def _outcome(infant: _Infant, numbers: Numbers) -> FinalStatus:
    """What is known of samples that were taken by 24 months of age."""
    in_time = [one for one in infant.samples if one[0] <= numbers.eighteen_months_to_day]
    if any(result is Result.POSITIVE for _, result in in_time):
        return FinalStatus.POSITIVE
    return FinalStatus.NEGATIVE if _is_negative(infant, in_time, numbers) else FinalStatus.UNKNOWN


def _is_negative(infant: _Infant, samples: Iterable[tuple[int, Result | None]], numbers: Numbers) -> bool:
    if infant.weaned_on is None:
        return False
    weaned = (infant.weaned_on - infant.born_on).days
    earliest = max(numbers.final_from_day, weaned + numbers.final_after_weaning_days)
    return any(result is Result.NEGATIVE and age >= earliest for age, result in samples)


def _fact(
    ground: Ground, infant: _Infant, day: date, tags: set[str], values: Mapping[Dimension, str]
) -> Fact:
    """It is in care where its mother is."""
    return Fact(infant.who, ground.site(infant.mother, day), day, frozenset(tags), values)


def _infants(ground: Ground, which: ColumnElement[bool]) -> Iterator[_Infant]:
    """With a record that went into another stays only an infant that was entered in both: it counts once."""
    rows = ground.reading.connection.execute(
        women()
        .join(Infant, Infant.mother_id == Client.id)
        .join(_CHILD, _CHILD.id == Infant.id)
        .where(Client.merged_into.is_(None), Infant.state != ClientState.PENDING)
        .where(_CHILD.born_on.is_not(None), which)
        .add_columns(Infant.id, Infant.risk, Infant.weaned_on, Infant.in_care_on, _CHILD.born_on, _CHILD.sex)
    ).all()
    samples = _samples(ground, {row.id for row in rows})
    for row in rows:
        mother = ground.woman(row)
        if is_exposed(row.risk, ClientKind(mother.who.client_type)):
            who = Somebody(row.id, row.born_on, row.sex, EXPOSED_INFANT)
            taken = tuple(((day - row.born_on).days, result) for day, result in samples[row.id])
            yield _Infant(who, mother, row.born_on, row.weaned_on, row.in_care_on is not None, taken)


def _samples(ground: Ground, infants: Collection[UUID]) -> Mapping[UUID, list[tuple[date, Result | None]]]:
    samples: dict[UUID, list[tuple[date, Result | None]]] = defaultdict(list)
    for some in chunks(infants):
        rows = ground.reading.connection.execute(
            select(InfantSample.infant_id, InfantSample.taken_on, InfantSample.result)
            .where(InfantSample.infant_id.in_(some))
            .order_by(InfantSample.taken_on, InfantSample.id)
        )
        for infant_id, taken_on, result in rows:
            samples[infant_id].append((taken_on, result))
    return samples
