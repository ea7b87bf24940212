"""Everything that is put together once at the start and handed to whoever listens or keeps time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.actions.route import Line
from service.ports import Clock, Courier, Gateway
from service.programme import Programme
from service.store.spool import Spool
from service.store.store import Store


class StayingHere:
    """A courier who goes nowhere, for previews and wherever no other system is to hear of anything."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:  # noqa: ARG002
        return "not_carried"

    def fetch(self, url: str) -> str | None:  # noqa: ARG002
        return "not_carried"


@dataclass(frozen=True)
class Parts:
    """``lines`` are the gateways in the order in which they are tried; ``demo``: nobody real is reached.

    ``heartbeat_url`` waits for a sign of life; empty if nobody does. ``metrics_bind`` is the host and port at
    which metrics are shown, if not beside the rest.
    """

    store: Store
    programme: Programme
    gateways: Mapping[str, Gateway]
    lines: tuple[Line, ...]
    spool: Spool
    clock: Clock
    demo: bool
    courier: Courier = field(default_factory=StayingHere)
    heartbeat_url: str = ""
    metrics_bind: tuple[str, int] | None = None
