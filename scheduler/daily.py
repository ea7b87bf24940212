"""Work that is done once in a local day, whichever worker comes first."""

from collections.abc import Callable

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


def _is_first(tx: Transaction, parts: Parts, name: str) -> bool:
    return tx.add_once(JobRun, job=name, day=parts.programme.today(tx.now), started_at=tx.now)
