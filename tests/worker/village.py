"""A small service for tests: real store, real texts and plans; the clock and the gateway are fakes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import StringIO
from itertools import count
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from config import logs, wiring
from config.settings import Settings
from handlers import sms
from handlers.gateways.simulator import Settings as SimulatorSettings
from handlers.ussd import Switchboard
from scheduler import planner
from scheduler.dispatcher import Dispatcher
from service.actions import enrol, numbers, sites, staff, visits
from service.actions.route import Line
from service.domain.care import VisitKind
from service.domain.ledger import LedgerState
from service.domain.message import Accepted, Address, MessageClass, MessageState, SendResult, Words
from service.domain.people import OPERATOR, ClientKind, ConsentChannel, PhoneOwner, Role, Wording
from service.domain.phone import Phone
from service.parts import Parts
from service.ports import (
    Capabilities,
    OutgoingText,
    ReceiptReceived,
    TextReceived,
    UssdReply,
    UssdTurn,
    WebhookAnswer,
    WebhookEvent,
    WebhookRequest,
)
from service.programme import Programme
from service.store import database, outbox
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import PersonPhone
from service.store.spool import Spool
from service.store.store import Store
from service.store.transaction import Transaction

MASERU = ZoneInfo("Africa/Maseru")
MONDAY = date(2026, 11, 23)
PATIENT = 30.0
"""Seconds for an answer over the web: what is said is judged here, not when, on a busy machine too."""

LOG = StringIO()


def at(day: date, clock: str) -> datetime:
    """Local time in Lesotho."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=MASERU).astimezone(UTC)


@dataclass
class HandClock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class Answering:
    """A gateway that answers as told and keeps what it was given."""

    name: str = "fake"
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(two_way=True, ussd=True))
    hooks: tuple[str, ...] = ()
    signs: bool = False
    sent: list[OutgoingText] = field(default_factory=list)
    answers: list[SendResult] = field(default_factory=list)

    def send(self, message: OutgoingText) -> SendResult:
        self.sent.append(message)
        return self.answers.pop(0) if self.answers else Accepted(f"p-{message.attempt_id}", 1)

    def accepts_token(self, token: str) -> bool:
        return False

    def authentic(self, request: WebhookRequest) -> bool:
        return False

    def read(self, request: WebhookRequest) -> WebhookEvent:
        raise NotImplementedError

    def answer(self, kind: str) -> WebhookAnswer:
        return WebhookAnswer("")

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return WebhookAnswer(reply.text)


@dataclass
class Village:
    parts: Parts
    clock: HandClock
    gateway: Answering
    site: UUID
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def store(self) -> Store:
        return self.parts.store

    def woman(
        self, phone: str = "+26658100001", nickname: str = "Thato", *, sms: bool = True, **known: Any
    ) -> UUID:
        given: dict[str, Any] = {
            "phone": Phone(phone),
            "nickname": nickname,
            "language": "en",
            "site_id": self.site,
            "enrolled_on": MONDAY,
            "consents": frozenset({ConsentChannel.SMS} if sms else ()),
            "phone_confirmed": True,
            "kind": ClientKind.PREGNANT,
            "wording": Wording.T0,
            "phone_owner": PhoneOwner.OWN,
        }
        return self.store.write(
            lambda tx: enrol.enrol_client(tx, enrol.NewClient(**{**given, **known})), OPERATOR
        )

    def staff(
        self, name: str, phone: str, *roles: Role, site: UUID | None = None, on_call: bool = False
    ) -> UUID:
        new = staff.NewStaff(
            name, Phone(phone), "en", frozenset(roles or {Role.MENTOR}), (site or self.site,), on_call
        )

        added = self.store.write(lambda tx: staff.take_on(tx, new), OPERATOR)
        assert isinstance(added, UUID)
        return added

    def visit(
        self, woman: UUID, day: date, kind: VisitKind = VisitKind.ANC, subject: UUID | None = None
    ) -> UUID:
        new = visits.NewVisit(woman, subject or woman, kind, day)
        planned = self.store.write(lambda tx: visits.plan_visit(tx, self.parts.programme, new), OPERATOR)
        assert planned
        return planned

    def put(
        self,
        message_class: MessageClass = MessageClass.R2,
        person: UUID | None = None,
        phone: str = "+26658100001",
        **given: Any,
    ) -> UUID:
        """Queue a text that nothing but the test caused."""
        to, now = Phone(phone), self.clock.moment
        words = Words("weekly_ok", "1", "en", Wording.T0, "Thank you. Stay well.", 1)

        def put(tx: Transaction) -> UUID | None:
            address = Address(person, numbers.note(tx, to), to)
            values = {"not_before": now, "not_after": now + timedelta(hours=6)} | given
            new = outbox.NewMessage(address, words, message_class, **values)
            return outbox.put(tx, new, f"test:{next(self._numbers)}")

        message_id = self.store.write(put, OPERATOR)
        assert message_id
        return message_id

    def dispatch(self) -> None:
        """Hand over what waits in the outbox, and wait for the answers."""
        dispatcher = Dispatcher(self.parts)
        dispatcher.run()
        assert dispatcher.rest(within=20)
        dispatcher.stop()

    def tick(self) -> None:
        """One round of the worker."""
        planner.keep_in_line(self.parts)
        planner.put_due(self.parts)
        self.dispatch()

    def work_through(self, first: datetime, last: datetime, every: timedelta = timedelta(minutes=30)) -> None:
        """Let the time pass from ``first`` to ``last``; tick when something is due, as often as ``every``."""
        self.clock.moment = first
        while self.clock.moment <= last:
            self.tick()
            steps = max(1, ceil((self._next_due(last) - self.clock.moment) / every))
            self.clock.moment += steps * every
        self.clock.moment = last

    def _next_due(self, last: datetime) -> datetime:
        planned = select(func.min(LedgerEntry.due_at)).where(LedgerEntry.state == LedgerState.PLANNED)
        queued = select(func.min(Message.next_attempt_at)).where(Message.state == MessageState.QUEUED)
        found = [
            self.store.read(lambda reading, query=query: reading.connection.scalar(query))  # type: ignore[misc]
            for query in (planned, queued)
        ]
        return min((moment for moment in found if moment), default=last)

    def texts(self, text: str, phone: str = "+26658100001") -> None:
        """A phone sends us a text."""
        received = TextReceived(f"in-{next(self._numbers)}", phone, Phone(phone), text, None)
        sms.take(self.parts, "fake", received)

    def receipt(self, message: OutgoingText, state: MessageState, word: str = "w") -> None:
        came = ReceiptReceived(f"p-{message.attempt_id}", word, state, message.to)
        sms.take(self.parts, "fake", came)

    def dials(self, turn: UssdTurn) -> UssdReply:
        return Switchboard(self.parts, PATIENT).reply("fake", turn)

    def ledger(self) -> dict[str, tuple[str, str | None]]:
        """State and reason of each planned reminder, by step."""
        rows = self.store.read(
            lambda reading: reading.connection.execute(
                select(LedgerEntry.step, LedgerEntry.state, LedgerEntry.reason)
            ).all()
        )
        return {row.step: (row.state.value, row.reason) for row in rows}

    def rows(self, *columns: Any) -> list[Any]:
        return list(self.store.read(lambda reading: reading.connection.execute(select(*columns)).all()))

    def links(self) -> list[Any]:
        return self.rows(PersonPhone.person_id, PersonPhone.phone_id, PersonPhone.confirmed_at)

    def tasks(self) -> list[str]:
        return sorted(row.kind.value for row in self.rows(Task.kind))

    def state(self, message: UUID) -> str:
        (row,) = self.store.read(
            lambda reading: reading.connection.execute(
                select(Message.state).where(Message.id == message)
            ).all()
        )
        return str(row.state.value)

    def message_states(self) -> list[str]:
        return sorted(row.state.value for row in self.rows(Message.state))

    def visit_state(self, visit: UUID) -> tuple[str, bool]:
        row = self.store.read(
            lambda reading: reading.connection.execute(
                select(Visit.state, Visit.confirmed_at).where(Visit.id == visit)
            ).one()
        )
        return row.state.value, row.confirmed_at is not None


@contextmanager
def open_village(database_url: str, starts: datetime | None = None) -> Iterator[Village]:
    quiet()
    clock = HandClock(starts or at(MONDAY, "08:00"))
    gateway = Answering()
    programme = shipped_programme()
    vault = Vault(KeyRing((make_key(),)))
    with (
        TemporaryDirectory() as folder,
        Store(database.connect(database_url), vault, clock) as store,
        closing(Spool(Path(folder) / "spool", vault, size=1_000_000)) as spool,
    ):
        store.prove_keys()
        site = store.write(_site, OPERATOR)
        yield Village(
            Parts(store, programme, {"fake": gateway}, (Line("fake", 1000.0),), spool, clock, True),
            clock,
            gateway,
            site,
        )


@cache
def quiet() -> None:
    """Log as the service does; the library's own way of showing an error takes a second each."""
    logs.configure(LOG)


@cache
def shipped_programme() -> Programme:
    """The shipped texts and plans, read once: it takes longer than most tests."""
    settings = Settings(gateways=("simulator",), ussd_code="*123#", transport_number="0000", demo=True)
    programme = wiring.read_programme(wiring.Configuration(settings, {"simulator": SimulatorSettings()}))
    return replace(programme, two_way=True)


def _site(tx: Any) -> UUID:
    site = sites.add_site(tx, "Ha Demo", "Berea")
    assert site
    sites.activate(tx, site)
    return site
