"""A site with a Mentor Mother, her backup, a coordinator and somebody on call, and the phones of clients."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select, update

from handlers.gateways.cumulative import Call, read_reply
from scheduler import clock
from service.domain.people import Actor, ActorKind, Role
from service.domain.phone import Phone
from service.domain.tasks import TaskState
from service.store.models.care import Task
from service.store.models.people import Client, Consent, Staff
from service.store.records import links_of
from service.store.transaction import Reading, Transaction
from tests.journeys.service import Service
from tests.worker.village import MONDAY, Village, at

HERS, OTHERS, STRANGERS = "+26658100001", "+26658100002", "+26658100099"
MENTORS, BACKUPS, COORDINATORS, ON_CALLS = (f"+2665810005{number}" for number in range(4))
MENTOR, NICKNAME, BABY = "Palesa", "Thato", "Neo"
NOON: Final = at(MONDAY, "12:00")
DAY: Final = timedelta(days=1)
STAFF: Final = Actor(ActorKind.STAFF, "coordinator")

T = TypeVar("T")

one_database = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
"""For the many cases of one rule, of which the other database has seen at least one."""


@dataclass
class Place:
    """``say`` and ``dial`` come in where the provider calls us; ``got`` is what the provider was given."""

    service: Service
    mentor: UUID
    coordinator: UUID
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def village(self) -> Village:
        return self.service.village

    @property
    def now(self) -> datetime:
        return self.village.clock.moment

    @property
    def today(self) -> date:
        return self.village.parts.programme.today(self.now)

    def woman(self, phone: str = HERS, nickname: str = NICKNAME, **known: Any) -> UUID:
        given = {"mentor_id": self.mentor, "language": "en", **known}
        return self.village.woman(phone, nickname, **given)

    def say(self, text: str, phone: str = HERS) -> list[str]:
        """What the phone gets back for a text, within the tick."""
        before = len(self.service.provider.accepted)
        form = {"from": phone, "to": "21512", "text": text, "date": "", "id": f"in-{next(self._ids)}"}
        assert self.service.hook("sms", **form).status_code == 200
        self.village.tick()
        return [sent.text for sent in self.service.provider.accepted[before:] if sent.number == phone]

    def dial(self, *typed: str, phone: str = HERS) -> list[str]:
        """The screens of one call, the first one in front."""
        call = Call(f"ATUid_{next(self._ids)}", "*123#", Phone(phone))
        screens = [self._screen(call)]
        for keys in typed:
            call = call.typing(keys)
            screens.append(self._screen(call))
        return screens

    def _screen(self, call: Call) -> str:
        answer = self.service.hook("ussd", **call.form())
        assert answer.status_code == 200
        reply = read_reply(answer.get_data(as_text=True))
        assert reply
        return reply.text

    def receipt(self, status: str, number: int = -1) -> None:
        """The network reports what became of a text that it was given, the last one unless said otherwise."""
        sent = self.service.provider.accepted[number]
        answer = self.service.hook("receipt", id=sent.provider_id, status=status, phoneNumber=sent.number)
        assert answer.status_code == 200

    def got(self, phone: str = HERS) -> list[str]:
        """Every text that the provider was given for a phone."""
        return [sent.text for sent in self.service.provider.accepted if sent.number == phone]

    def later(self, **time: float) -> None:
        """Let the time pass, and the worker with it."""
        self.village.work_through(self.now, self.now + timedelta(**(time or {"minutes": 2})))
        self.work()

    def work(self) -> None:
        """Every job of the worker, once, and what they put into the outbox with them."""
        clock.work_once(self.village.parts)
        self.village.dispatch()

    def act(self, action: Callable[[Transaction], T]) -> T:
        """Something that a member of staff records."""
        return self.village.store.write(action, STAFF)

    def read(self, question: Callable[[Reading], T]) -> T:
        return self.village.store.read(question)

    def open_tasks(self, kind: str = "") -> list[tuple[str, str | None]]:
        """The open tasks with the number of whoever owns them."""
        rows = self.village.rows(Task.kind, Task.state, Task.owner_id)
        return sorted(
            (row.kind.value, self.number_of(row.owner_id))
            for row in rows
            if row.state is not TaskState.CLOSED and kind in ("", row.kind)
        )

    def number_of(self, staff_id: UUID | None) -> str | None:
        links = self.read(lambda reading: links_of(reading, staff_id)) if staff_id else ()
        return next((link.phone.e164 for link in links if link.phone), None)

    def state_of(self, client_id: UUID) -> tuple[str, str | None]:
        row = self.read(
            lambda reading: reading.connection.execute(
                select(Client.state, Client.state_reason).where(Client.id == client_id)
            ).one()
        )
        return row.state.value, row.state_reason

    def words_of(self, client_id: UUID) -> list[tuple[bool, str]]:
        """What is on record of her yes and no to texts, the first in front."""
        rows = self.read(
            lambda reading: reading.connection.execute(
                select(Consent.given, Consent.through)
                .where(Consent.person_id == client_id, Consent.channel == "sms")
                .order_by(Consent.recorded_at, Consent.id)
            ).all()
        )
        return [(row.given, row.through) for row in rows]


def open_place(service: Service) -> Place:
    village = service.village
    village.clock.moment = NOON
    backup = village.staff("Mpho", BACKUPS)
    mentor = village.staff(MENTOR, MENTORS)
    coordinator = village.staff("Lineo", COORDINATORS, Role.COORDINATOR)
    village.staff("Puleng", ON_CALLS, on_call=True)
    her_backup = update(Staff).where(Staff.id == mentor).values(backup_id=backup)
    village.store.write(lambda tx: tx.connection.execute(her_backup), STAFF)
    return Place(service, mentor, coordinator)
