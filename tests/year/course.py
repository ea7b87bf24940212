"""What comes of a woman's dates: she is taken in, comes or does not, has a baby, and new dates follow."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.actions import children, choices, samples, visits
from service.actions.enrol import NewInfant
from service.domain.care import VisitKind, VisitState
from service.domain.cascade import Result
from service.store.records import client
from service.store.transaction import Reading, Transaction
from tests.reminders.maseru import MASERU
from tests.year.book import KeptVisit
from tests.year.diary import newly_dated
from tests.year.events import AFTERNOON, DAY, MORNING, NOON, World, open_day
from tests.year.people import Known, Woman, take_in

RESULTS = (*(Result.NEGATIVE,) * 46, Result.INDETERMINATE, Result.NONE_CAME, Result.POSITIVE)


@dataclass(frozen=True)
class Enrolled:
    """She is taken in, and a nurse writes the first date."""

    woman: Woman

    def happen(self, tx: Transaction, world: World) -> None:
        team = world.teams[self.woman.number % len(world.teams)]
        known = take_in(tx, self.woman, team)
        world.book.meet(known)
        if self.woman.checks:
            choices.choose(tx, world.programme, known.client_id, self.woman.checks)
        if self.woman.edd:
            born_on = self.woman.edd + world.random.randrange(-14, 10) * DAY
            world.plan(open_day(born_on + 2 * DAY), MORNING, Born(known, born_on))
        first = min(self.woman.course.every, 14) + world.random.randrange(28)
        give_date(tx, world, known, known.subject_id, self.woman.enrolled_on + first * DAY)


def give_date(tx: Transaction, world: World, known: Known, subject_id: UUID, day: date) -> None:
    """A nurse writes a date, now and then on a day on which nobody is there."""
    random, course = world.random, known.woman.course
    day = day if random.random() < 0.05 else open_day(day)
    new = visits.NewVisit(known.client_id, subject_id, course.visit, day)
    if visits.plan_visit(tx, world.programme, new):
        follow(tx, world)
        assert any(visit.stands(day) for visit in world.book.visits_of(known)), f"{day} is not in the diary"


def follow(reading: Reading, world: World) -> None:
    """Whatever date was given, by people or plans, something will come of it."""
    for visit in newly_dated(reading, world.book):
        lead_up(world, visit, reading.now)


def lead_up(world: World, visit: KeptVisit, now: datetime) -> None:
    """What will come of a date: mostly she comes; some are moved before, and a few of these back again."""
    random, today = world.random, now.astimezone(MASERU).date()
    ahead = (visit.day - today).days
    if ahead > 3 and random.random() < 0.08:
        moved_on = today + random.randrange(1, ahead) * DAY
        clock = random.choice((MORNING, NOON, AFTERNOON))
        to = open_day(visit.day + random.choice((-2, -1, 1, 2, 7, 14)) * DAY)
        back_to = visit.day if random.random() < 0.4 else None
        world.plan(moved_on, clock, Moved(visit.id, visit.day, max(to, moved_on + DAY), back_to))
    world.plan(open_day(visit.day), AFTERNOON, DayOver(visit.id, visit.day))


@dataclass(frozen=True)
class Moved:
    """Somebody gives the visit another day, and perhaps thinks better of it a day or two later."""

    visit_id: UUID
    day: date
    to: date
    back_to: date | None

    def happen(self, tx: Transaction, world: World) -> None:
        visit, today = world.book.visits[self.visit_id], tx.now.astimezone(MASERU).date()
        if not (visit.stands(self.day) or visit.state is VisitState.MISSED):
            return
        if not visits.move_visit(tx, world.programme, self.visit_id, self.to):
            return
        follow(tx, world)
        again = today + world.random.randrange(1, 3) * DAY
        if self.back_to and visit.stands(self.to) and again < min(self.back_to, self.to):
            world.plan(again, NOON, Moved(self.visit_id, self.to, self.back_to, None))


@dataclass(frozen=True)
class DayOver:
    """The day of a visit ends: she came, or she did not and it is written down now or later, or never."""

    visit_id: UUID
    day: date

    def happen(self, tx: Transaction, world: World) -> None:
        random, today = world.random, tx.now.astimezone(MASERU).date()
        if not world.book.visits[self.visit_id].stands(self.day):
            return
        drawn = random.random()
        if drawn < 0.74:
            came(tx, world, self.visit_id)
        elif drawn < 0.90:
            late = random.choice((0, 0, 0, 1, 2, 5, 9))
            recorded = open_day(today + late * DAY)
            if late:
                world.plan(recorded, MORNING, Missed(self.visit_id))
            else:
                Missed(self.visit_id).happen(tx, world)
        elif random.random() < 0.5:
            world.plan(open_day(today + random.randrange(2, 12) * DAY), NOON, Came(self.visit_id))


@dataclass(frozen=True)
class Came:
    visit_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        if world.book.visits[self.visit_id].state in (VisitState.PLANNED, VisitState.MISSED):
            came(tx, world, self.visit_id)


@dataclass(frozen=True)
class Missed:
    """It is recorded that she did not come. Half of those who missed come later, and some get a new date."""

    visit_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        visit, random = world.book.visits[self.visit_id], world.random
        if not visit.stands():
            return
        visits.record_attendance(tx, world.programme, self.visit_id, VisitState.MISSED)
        visit.outcomes.append((tx.now, VisitState.MISSED))
        today, drawn = tx.now.astimezone(MASERU).date(), random.random()
        later = open_day(today + random.randrange(1, 25) * DAY)
        if drawn < 0.5:
            world.plan(later, NOON, Came(self.visit_id))
        elif drawn < 0.75:
            world.plan(later, NOON, Moved(self.visit_id, visit.day, open_day(later + 7 * DAY), None))


def came(tx: Transaction, world: World, visit_id: UUID) -> None:
    """She is there today. What is done is written down, and mostly the nurse writes the next date."""
    visit, today = world.book.visits[visit_id], tx.now.astimezone(MASERU).date()
    course, writes = visit.whose.woman.course, visit.kind is visit.whose.woman.course.visit
    supply = course.every if visit.kind is VisitKind.REFILL and world.random.random() < 0.5 else None
    was = visits.Came(on=today, days_supplied=supply)
    visits.record_attendance(tx, world.programme, visit_id, VisitState.ATTENDED, came=was)
    visit.outcomes.append((tx.now, VisitState.ATTENDED))
    follow(tx, world)
    if visit.kind is VisitKind.INFANT_TEST:
        take_sample(tx, world, visit, today)
    elif writes and not supply and not (course.pregnant and visit.whose.client_id in world.mothers):
        give_date(tx, world, visit.whose, visit.subject_id, today + course.every * DAY)


def take_sample(tx: Transaction, world: World, visit: KeptVisit, today: date) -> None:
    """Its result is back in some weeks, and mostly told to her."""
    sample_id = samples.record_sample(tx, world.programme, visit.subject_id, today, visit.id)
    assert isinstance(sample_id, UUID | samples.SampleFault)
    if isinstance(sample_id, UUID):
        follow(tx, world)
        back_on = today + world.random.randrange(14, 60) * DAY
        world.plan(open_day(back_on), MORNING, ResultBack(sample_id, visit.subject_id))


@dataclass(frozen=True)
class ResultBack:
    """The result of a sample, which somebody tells her; an infant that needs treatment begins it."""

    sample_id: UUID
    infant_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        today, result = tx.now.astimezone(MASERU).date(), world.random.choice(RESULTS)
        samples.record_result(tx, world.programme, self.sample_id, result, today)
        if world.random.random() < 0.8:
            samples.record_given(tx, world.programme, self.sample_id, today)
            if result is Result.POSITIVE:
                samples.record_care(tx, world.programme, self.infant_id, today)
        follow(tx, world)


@dataclass(frozen=True)
class Born:
    """She has given birth, and is not expected as before."""

    known: Known
    born_on: date

    def happen(self, tx: Transaction, world: World) -> None:
        woman = client(tx, self.known.client_id)
        name = f"B{self.known.woman.number:X}"
        children.bear(tx, world.programme, woman, NewInfant(woman.id, name, self.born_on))
        world.mothers.add(woman.id)
        for visit in world.book.visits_of(self.known):
            if visit.stands() and visit.kind is VisitKind.ANC:
                visits.cancel_visit(tx, world.programme, visit.id, "delivered")
        follow(tx, world)
