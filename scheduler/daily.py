"""Work that is done once in a local day, whichever worker does it."""

from collections.abc import Callable

from sqlalchemy import select

from service.domain.hours import is_allowed
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.store.models.operations import JobRun
from service.store.transaction import Transaction


def once_a_day(name: str, run: Callable[[Parts], int]) -> Callable[[Parts], int]:
    """``run``, at most once a local date over all workers; one that fails is not tried again that day."""

    def run_if_first(parts: Parts) -> int:
        actor = Actor(ActorKind.SYSTEM, name)
        return run(parts) if parts.store.write(lambda tx: _is_first(tx, parts, name), actor) else 0

    return run_if_first


def once_a_working_day(name: str, run: Callable[[Parts], int]) -> Callable[[Parts], int]:
    """``run``, tried in working hours until it has come to its end once that local date.

    Two workers may do it at the same time, so nothing in it may mind being done twice.
    """

    def run_until_done(parts: Parts) -> int:
        if not is_allowed(parts.clock.now(), parts.programme.calendar) or _is_done(parts, name):
            return 0
        found = run(parts)
        parts.store.write(lambda tx: _is_first(tx, parts, name), Actor(ActorKind.SYSTEM, name))
        return found

    return run_until_done


def _is_done(parts: Parts, name: str) -> bool:
    done = select(JobRun.id).where(JobRun.job == name, JobRun.day == parts.programme.today(parts.clock.now()))
    return parts.store.read(lambda reading: reading.connection.scalar(done)) is not None


def _is_first(tx: Transaction, parts: Parts, name: str) -> bool:
    return tx.add_once(JobRun, job=name, day=parts.programme.today(tx.now), started_at=tx.now)
