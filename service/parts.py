"""Everything that is put together once at the start and handed to whoever listens or keeps time."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.ports import Clock, Gateway
from service.programme import Programme
from service.store.store import Store


@dataclass(frozen=True)
class Parts:
    """``gateways`` are in the order in which texts try them. ``demo``: no real person can be reached."""

    store: Store
    programme: Programme
    gateways: Mapping[str, Gateway]
    clock: Clock
    demo: bool

    @property
    def first_gateway(self) -> Gateway:
        return next(iter(self.gateways.values()))
