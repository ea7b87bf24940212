"""Everything that is put together once at the start and handed to whoever listens or keeps time."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.actions.route import Line
from service.ports import Clock, Gateway
from service.programme import Programme
from service.store.spool import Spool
from service.store.store import Store


@dataclass(frozen=True)
class Parts:
    """``lines`` are the gateways in the order in which they are tried; ``demo``: nobody real is reached."""

    store: Store
    programme: Programme
    gateways: Mapping[str, Gateway]
    lines: tuple[Line, ...]
    spool: Spool
    clock: Clock
    demo: bool
