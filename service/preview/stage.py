"""A whole service of its own in a database that lasts as long as the preview. Nothing leaves it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, event

from service.actions.route import Line
from service.parts import Parts
from service.ports import Capabilities
from service.preview.clock import HandClock
from service.preview.network import Network
from service.programme import Programme
from service.store import database
from service.store.crypto import Vault
from service.store.spool import Spool
from service.store.store import Store

T = TypeVar("T")

UNPACED: Final = 1_000_000.0
"""Texts a second: no provider has to be spared here."""


@dataclass(frozen=True)
class Stage:
    parts: Parts
    clock: HandClock
    networks: tuple[Network, ...]


@contextmanager
def staged(
    programme: Programme, lines: Mapping[str, Capabilities], vault: Vault, starts: datetime
) -> Iterator[Stage]:
    """A new service over an empty database, in a folder that only this user can open; gone at the end.

    ``lines`` are what the gateways can do, in the order in which they are tried.
    """
    clock = HandClock(starts)
    networks = tuple(Network(name, capabilities) for name, capabilities in lines.items())
    with TemporaryDirectory(prefix="khopotso-preview-") as folder:
        spool = Spool(Path(folder) / "spool", vault)
        with forgetful_store(f"sqlite:///{folder}/preview.db", vault, clock) as store:
            parts = Parts(
                store=store,
                programme=programme,
                gateways={network.name: network for network in networks},
                lines=tuple(Line(network.name, UNPACED) for network in networks),
                spool=spool,
                clock=clock,
                demo=True,
            )
            yield Stage(parts, clock, networks)
        spool.close()


def forgetful_store(address: str, vault: Vault, clock: HandClock) -> Store:
    """A new SQLite database that need not survive a power cut, which makes it several times as fast."""
    database.upgrade(address)
    opened = database.connect(address)
    event.listen(opened.writing, "connect", _forgetful)
    return Store(opened, vault, clock, _OneByOne(opened.writing))


class _OneByOne:
    """Whoever comes writes at once: a commit that is not flushed to disk need not be shared."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = Lock()

    def run(self, job: Callable[[Connection], T]) -> T:
        with self._turn, self._engine.begin() as connection:
            return job(connection)

    def close(self) -> None:
        """Nothing waits here."""


def _forgetful(connection: Any, _: object) -> None:
    """Nothing here has to survive a power cut, so no commit waits for the disk."""
    connection.execute("PRAGMA synchronous=OFF")
