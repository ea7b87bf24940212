"""Previews: the production engine over a throw-away database, for as many days as anybody wants to see."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from service.domain.hours import at_local
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import Capabilities
from service.preview.clock import HandClock
from service.preview.copying import copy_client, copy_everybody
from service.preview.foreseen import Foreseen, Volume, foreseen, volumes
from service.preview.habits import Habits, Lives
from service.preview.persona import FICTION, Persona, take_in
from service.preview.stage import Stage, staged
from service.programme import Programme
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.store import Store
from service.store.transaction import Reading, Transaction

MORNING: Final = time(8)
"""When somebody who does not exist is taken in on the first day."""

Watch = Callable[[datetime], None]
Travel = Callable[[Parts, HandClock, datetime, Lives, Watch], None]
"""How time passes (``scheduler.travel``)."""

Copy = Callable[[Reading, Transaction], None]

ACTOR: Final = Actor(ActorKind.SYSTEM, "preview")


@dataclass(frozen=True)
class Days:
    """From the local day ``first`` on, ``number`` of them."""

    first: date
    number: int

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.number - 1)


@dataclass(frozen=True)
class Engine:
    """``lines`` are what the gateways can do, in the order in which they are tried."""

    programme: Programme
    lines: Mapping[str, Capabilities]
    travel: Travel

    def of_persona(self, persona: Persona, days: Days, habits: Habits, watch: Watch) -> Foreseen:
        """What somebody would get who is taken in on the first day. No database and no key is needed."""
        programme = _for_fiction(self.programme)
        starts = at_local(days.first, MORNING, programme.calendar.zone)
        with staged(programme, self.lines, Vault(KeyRing((make_key(),))), starts) as stage:
            client_id = stage.parts.store.write(lambda tx: take_in(tx, programme, persona), ACTOR)
            self._let_pass(stage, days, habits, watch)
            return stage.parts.store.read(lambda reading: foreseen(reading, client_id, starts))

    def of_client(self, store: Store, client_id: UUID, days: Days, habits: Habits, watch: Watch) -> Foreseen:
        """What a client would get, by her records as they are now. The days do not begin before today."""
        with self._with_records(store, lambda reading, tx: copy_client(reading, tx, client_id)) as stage:
            self._let_pass(stage, days, habits, watch)
            since = self._since(days, store.clock.now())
            return stage.parts.store.read(lambda reading: foreseen(reading, client_id, since))

    def of_everybody(
        self, store: Store, days: Days, habits: Habits, watch: Watch
    ) -> Mapping[str, tuple[Volume, ...]]:
        """What would go to everybody, by the names of their sites. The days do not begin before today."""
        with self._with_records(store, copy_everybody) as stage:
            self._let_pass(stage, days, habits, watch)
            since, zone = self._since(days, store.clock.now()), self.programme.calendar.zone
            return stage.parts.store.read(lambda reading: volumes(reading, since, zone))

    @contextmanager
    def _with_records(self, store: Store, copy: Copy) -> Iterator[Stage]:
        with staged(self.programme, self.lines, store.vault, store.clock.now()) as stage:
            copied = stage.parts.store.write
            store.read(lambda reading: copied(lambda tx: copy(reading, tx), ACTOR))
            yield stage

    def _let_pass(self, stage: Stage, days: Days, habits: Habits, watch: Watch) -> None:
        until = self._midnight(days.last + timedelta(days=1))
        self.travel(stage.parts, stage.clock, until, Lives(stage, habits), watch)

    def _since(self, days: Days, now: datetime) -> datetime:
        return max(self._midnight(days.first), now)

    def _midnight(self, day: date) -> datetime:
        return at_local(day, time.min, self.programme.calendar.zone)


def _for_fiction(programme: Programme) -> Programme:
    """The same, but that its texts may go to numbers that nobody has, and to no others."""
    return replace(programme, destinations=(FICTION,), recipients=())
