"""What needs somebody's hand just now, for ``doctor`` and whoever watches the service."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from service.actions.pause import pauses
from service.actions.route import NEEDS_A_PERSON
from service.actions.webhooks import all_webhooks
from service.domain.alarms import UNSETTLED_AFTER
from service.domain.happening import LedgerGap, read_note
from service.domain.tasks import TaskKind, TaskState
from service.reports.credit import credit_at
from service.reports.readiness import backlog
from service.store.models.care import Task
from service.store.pace import circuit
from service.store.transaction import Reading

DEAF_AFTER: Final = timedelta(hours=1)
"""How long a webhook may take nothing before somebody should ask its owner."""


class TroubleKind(StrEnum):
    DANGER = "danger"  # somebody is in danger, and nobody has noted for hours what came of it
    ACCOUNT = "account"  # a provider refuses our account: credit, key, sender
    PROVIDER = "provider"  # a provider does not do its work; it is tried again by itself
    CREDIT = "credit"  # little money is left at a provider
    PAUSED = "paused"
    BACKLOG = "backlog"  # texts wait that nobody sends
    LEDGER = "ledger"  # the nightly proof did not hold, and nobody has said since that it is mended
    WEBHOOK = "webhook"  # another system takes no news


@dataclass(frozen=True)
class Trouble:
    """``about`` is a gateway, what is paused, a webhook, or how many texts wait or cries for help; ``why`` a
    word of ours, who paused, or where the ledger has a gap.

    ``since`` is when it began, where that is known; ``until`` when it is tried again.
    """

    kind: TroubleKind
    about: str
    why: str = ""
    since: datetime | None = None
    until: datetime | None = None


def troubles(reading: Reading, gateways: Iterable[str]) -> tuple[Trouble, ...]:
    """The worst first; nothing when all is well."""
    names = tuple(gateways)
    accounts = (*_resting(reading, names), *_poor(reading, names))
    backlogs = (*_backlog(reading), *_gap(reading))
    return (*_danger(reading), *accounts, *_paused(reading), *backlogs, *_deaf(reading))


def _danger(reading: Reading) -> Iterator[Trouble]:
    unsettled = select(func.count(), func.min(Task.opened_at)).where(
        Task.kind == TaskKind.DANGER,
        Task.state != TaskState.CLOSED,
        Task.opened_at <= reading.now - UNSETTLED_AFTER,
    )
    count, since = reading.connection.execute(unsettled).one()
    if count:
        yield Trouble(TroubleKind.DANGER, str(count), since=since)


def _resting(reading: Reading, gateways: Iterable[str]) -> Iterator[Trouble]:
    for name in gateways:
        state = circuit(reading, name)
        if state.open_until:
            kind = TroubleKind.ACCOUNT if state.why in NEEDS_A_PERSON else TroubleKind.PROVIDER
            yield Trouble(kind, name, state.why or "", until=state.open_until)


def _poor(reading: Reading, gateways: Iterable[str]) -> Iterator[Trouble]:
    for credit in (credit_at(reading, name) for name in gateways):
        if credit and credit.is_low:
            left = f"{credit.left.amount:f} {credit.left.currency}"
            yield Trouble(TroubleKind.CREDIT, credit.gateway, left, since=credit.told_at)


def _paused(reading: Reading) -> Iterator[Trouble]:
    for row in pauses(reading):
        what = f"{row.covered.scope} {row.covered.target}".strip()
        yield Trouble(TroubleKind.PAUSED, what, row.actor, since=row.paused_at)


def _backlog(reading: Reading) -> Iterator[Trouble]:
    found = backlog(reading)
    if found.since:
        yield Trouble(TroubleKind.BACKLOG, str(found.late), since=found.since)


def _deaf(reading: Reading) -> Iterator[Trouble]:
    for row in all_webhooks(reading):
        if row.failing_since and reading.now - row.failing_since > DEAF_AFTER:
            yield Trouble(TroubleKind.WEBHOOK, row.name, since=row.failing_since)


def _gap(reading: Reading) -> Iterator[Trouble]:
    """What the newest proof said that nobody has settled."""
    alarms = reading.connection.execute(
        select(Task.id, Task.note, Task.opened_at)
        .where(Task.kind == TaskKind.INCIDENT, Task.client_id.is_(None), Task.state != TaskState.CLOSED)
        .order_by(Task.opened_at.desc())
    )
    for row in alarms:
        happened = read_note(reading.vault.open_if(Task.note, row.id, row.note) or "")
        if isinstance(happened, LedgerGap):
            yield Trouble(TroubleKind.LEDGER, "", happened.detail, since=row.opened_at)
            return
