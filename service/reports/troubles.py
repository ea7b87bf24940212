"""What keeps texts from leaving just now, for banners, ``doctor`` and whoever watches the service."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.actions.pause import pauses
from service.actions.route import NEEDS_A_PERSON
from service.reports.readiness import backlog
from service.store.pace import circuit
from service.store.transaction import Reading


class TroubleKind(StrEnum):
    ACCOUNT = "account"  # a provider refuses our account: credit, key, sender
    PROVIDER = "provider"  # a provider does not do its work; it is tried again by itself
    PAUSED = "paused"
    BACKLOG = "backlog"  # texts wait that nobody sends


@dataclass(frozen=True)
class Trouble:
    """``about`` is a gateway, what is paused, or how many texts wait; ``why`` a word of ours, or who paused.

    ``since`` is when it began, where that is known; ``until`` when it is tried again.
    """

    kind: TroubleKind
    about: str
    why: str = ""
    since: datetime | None = None
    until: datetime | None = None


def troubles(reading: Reading, gateways: Iterable[str]) -> tuple[Trouble, ...]:
    """The worst first; nothing when all is well."""
    return (*_resting(reading, gateways), *_paused(reading), *_backlog(reading))


def _resting(reading: Reading, gateways: Iterable[str]) -> Iterator[Trouble]:
    for name in gateways:
        state = circuit(reading, name)
        if state.open_until:
            kind = TroubleKind.ACCOUNT if state.why in NEEDS_A_PERSON else TroubleKind.PROVIDER
            yield Trouble(kind, name, state.why or "", until=state.open_until)


def _paused(reading: Reading) -> Iterator[Trouble]:
    for row in pauses(reading):
        what = f"{row.covered.scope} {row.covered.target}".strip()
        yield Trouble(TroubleKind.PAUSED, what, row.actor, since=row.paused_at)


def _backlog(reading: Reading) -> Iterator[Trouble]:
    found = backlog(reading)
    if found.since:
        yield Trouble(TroubleKind.BACKLOG, str(found.late), since=found.since)
