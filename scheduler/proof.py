"""The nightly proof of the ledger, and the alarm if it does not hold."""

from datetime import time
from functools import partial
from typing import Final

import structlog

from scheduler.daily import once_a_day
from service.actions import fire, next_look, prove
from service.actions.prove import Balance, Proof
from service.actions.tasks import NewTask, open_task
from service.domain.happening import LedgerGap, as_note
from service.domain.people import Actor, ActorKind
from service.domain.tasks import TaskKind
from service.parts import Parts
from service.programme import Programme
from service.store.transaction import Reading

ACTOR: Final = Actor(ActorKind.SYSTEM, "proof")
AFTER: Final = time(2)
"""Local: by then everybody for whom the new day brings something has been gone through."""

log = structlog.get_logger()


AT_THE_LATEST: Final = time(20)
"""Local: whatever still waits to be decided then has waited for too long."""


def prove_nightly(parts: Parts) -> int:
    """Prove the ledger once a night; how many balances did not hold.

    A worker that was away first decides what fell due meanwhile and goes through everybody's plans: that it
    was away is no gap in the ledger.
    """
    local = parts.clock.now().astimezone(parts.programme.calendar.zone).time()
    has_work = partial(_has_work, parts.programme)
    if local < AFTER or (local < AT_THE_LATEST and parts.store.read(has_work)):
        return 0
    return _once(parts)


def _has_work(programme: Programme, reading: Reading) -> bool:
    return bool(fire.due_entries(reading, 1) or next_look.to_be_aligned(reading, programme, 1))


def prove_now(parts: Parts) -> int:
    """Prove the ledger, and alarm people if it does not hold."""
    proof = parts.store.read(lambda reading: prove.prove(reading, parts.programme))
    wrong = [one for one in proof.balances if not one.holds]
    planned = sum(one.planned for one in proof.balances)
    if proof.holds:
        log.info("ledger proved", count=planned)
        return 0
    log.error("ledger does not add up", count=len(wrong))
    for one in wrong:
        log.error("gap in the ledger", plan=one.plan, problem=_said(one))
    parts.store.write(lambda tx: open_task(tx, _alarm(proof)), ACTOR)
    return len(wrong)


_once = once_a_day("prove_ledger", prove_now)


def _alarm(proof: Proof) -> NewTask:
    """For whoever is on call, once for a night."""
    lines = [_said(one) for one in proof.balances if not one.holds]
    if proof.behind:
        lines.append(f"clients not gone through: {proof.behind}")
    note = as_note(LedgerGap("; ".join(lines)))
    return NewTask(TaskKind.INCIDENT, note=note, about=f"ledger:{proof.day}")


def _said(one: Balance) -> str:
    return (
        f"{one.site}, {one.plan}: planned {one.planned}, ended {one.ended}, to come {one.to_come}, missing "
        f"{one.missing}, extra {one.extra}, stuck {one.stuck}, handed to nobody {one.nobodys}"
    )
