"""A reminder over which the whole worker dies is tried alone, set aside, and told to a person in the end."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from uuid import UUID

from scheduler import planner
from service.actions import fire, in_hand
from service.domain.people import OPERATOR
from service.parts import Parts
from service.programme import Programme
from service.reminders.plan import Step
from service.store.models.messages import LedgerEntry
from tests.worker.village import MONDAY, Village, at

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Killed(BaseException):
    """The process is gone: nothing behind it runs."""


@dataclass(frozen=True)
class Deadly(Programme):
    """Nobody survives a look at the reminder of the day before."""

    def step(self, plan: str, step: str) -> Step | None:
        if step == "visit_d1":
            raise Killed
        return super().step(plan, step)


def deadly(parts: Parts) -> Parts:
    known = {field.name: getattr(parts.programme, field.name) for field in fields(Programme) if field.init}
    return replace(parts, programme=Deadly(**known))


def two_due(village: Village) -> list[UUID]:
    """The deadly one in front."""
    village.visit(village.woman(), MONDAY + DAY)
    village.visit(village.woman("+26658100002", "Lerato"), MONDAY + 7 * DAY)
    village.clock.moment = at(MONDAY, "10:00")
    return list(village.store.read(lambda reading: fire.due_entries(reading, 9)))


def states(village: Village) -> dict[UUID, str]:
    return {row.id: row.state for row in village.rows(LedgerEntry.id, LedgerEntry.state)}


def test_what_kills_the_worker_stops_no_other_and_goes_to_a_person(village: Village) -> None:
    poison, well = two_due(village)
    parts, deaths = deadly(village.parts), 0
    for _ in range(30):
        try:
            planner.put_due(parts)
        except Killed:
            deaths += 1
        village.clock.moment += MINUTE
    assert (states(village)[poison], states(village)[well]) == ("failed", "queued")
    assert village.tasks() == ["incident"]
    assert deaths < 20
    assert village.store.read(in_hand.dropped) == ()


def test_whoever_is_killed_by_chance_loses_nothing(village: Village) -> None:
    due = two_due(village)
    village.store.write(lambda tx: in_hand.take(tx, due), OPERATOR)
    village.clock.moment += MINUTE
    planner.put_due(village.parts)
    assert [states(village)[ledger_id] for ledger_id in due] == ["queued", "queued"]
    assert village.store.read(in_hand.dropped) == ()
