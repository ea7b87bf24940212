"""What becomes of a person's rows when she is erased.

Everything that is sealed, or found by a blind index, tells who she is, and goes. What is plain stays, because
it is counted: ids, dates, sites, kinds and states.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update

from service.domain.ledger import LedgerState
from service.domain.people import ClientState
from service.domain.reason import Reason
from service.domain.tasks import TaskState
from service.store import outbox
from service.store.models.access import Note, SignIn
from service.store.models.care import Task, Visit
from service.store.models.columns import Row
from service.store.models.messages import Inbound, LedgerEntry, Message, Receipt, UssdSession
from service.store.models.people import Client, Credential, Infant, Person, PersonPhone, PhoneNumber, Staff
from service.store.models.safety import Correction, Incident, Loss, Recipient
from service.store.records import open_number
from service.store.transaction import Transaction

NOBODYS: Final = bytes(32)
"""A blind index that is nobody's, for columns that cannot be empty."""

_STILL_WITH_US: Final = (ClientState.PENDING, ClientState.ACTIVE, ClientState.MUTED)


@dataclass(frozen=True)
class _Traces:
    """Where a person is found: her numbers that nobody else uses, and their blind indexes under every key."""

    person_id: UUID
    phones: tuple[UUID, ...]
    indexes: tuple[bytes, ...]


def forget(tx: Transaction, person_id: UUID, at: datetime) -> None:
    """Empty what tells who a person is; ``at`` is when she was erased.

    A number that somebody else is reached at stays.

    1. Take back what waits to go to her, and what she was still to get.
    2. Empty the columns that hold her words, her names and her numbers.
    3. Close her links, credentials, tasks and state.
    """
    traces = _traces(tx, person_id)
    _take_back(tx, person_id)
    _empty_texts(tx, traces)
    _empty_notes(tx, person_id)
    _empty_numbers(tx, traces, at)
    _empty_person(tx, person_id, at)


def _traces(tx: Transaction, person_id: UUID) -> _Traces:
    hers = select(PersonPhone.phone_id).where(PersonPhone.person_id == person_id)
    others = select(PersonPhone.phone_id).where(
        PersonPhone.person_id != person_id, PersonPhone.until.is_(None)
    )
    rows = tx.connection.execute(
        select(PhoneNumber.id, PhoneNumber.number, PhoneNumber.number_index).where(
            PhoneNumber.id.in_(hers), PhoneNumber.id.not_in(others)
        )
    ).all()
    numbers = [open_number(tx, row.id, row.number) for row in rows]
    indexes = {index for phone in numbers if phone for index in tx.vault.indexes("phone", phone.e164)}
    return _Traces(person_id, tuple(row.id for row in rows), tuple(indexes))


def _take_back(tx: Transaction, person_id: UUID) -> None:
    visits = select(Visit.id).where(Visit.subject_id == person_id)
    entries = or_(
        LedgerEntry.client_id == person_id,
        LedgerEntry.subject_id == person_id,
        LedgerEntry.subject_id.in_(visits),
    )
    carried = Message.ledger_id.in_(select(LedgerEntry.id).where(entries))
    cancelled = outbox.cancel_waiting(tx, or_(Message.person_id == person_id, carried), Reason.ERASED)
    waiting = or_(LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.message_id.in_(cancelled))
    _set(
        tx,
        LedgerEntry,
        entries & waiting,
        state=LedgerState.SUPPRESSED,
        reason=Reason.ERASED,
        ended_at=tx.now,
    )
    _set(tx, Message, carried, body=None)


def _empty_texts(tx: Transaction, traces: _Traces) -> None:
    phones, indexes = traces.phones, traces.indexes
    on_her_phones = select(Message.id).where(Message.phone_id.in_(phones))
    _set(tx, Receipt, Receipt.message_id.in_(on_her_phones), phone_index=None)
    _set(tx, Receipt, Receipt.phone_index.in_(indexes), phone_index=None)
    _set(tx, Message, Message.person_id == traces.person_id, body=None)
    _set(tx, Message, Message.phone_id.in_(phones), body=None, phone_index=NOBODYS)
    hers = or_(Inbound.person_id == traces.person_id, Inbound.phone_id.in_(phones))
    _set(tx, Inbound, hers, sender=None, body=None)
    dialogues = or_(UssdSession.phone_id.in_(phones), UssdSession.phone_index.in_(indexes))
    over = {"draft": None, "reply": None, "accepted_mac": None, "goes_on": False}
    _set(tx, UssdSession, dialogues, phone_index=NOBODYS, **over)
    tasks = or_(Task.client_id == traces.person_id, Task.phone_id.in_(phones))
    _set(tx, Task, tasks, note=None)
    closed = {"state": TaskState.CLOSED, "reason": Reason.ERASED, "closed_at": tx.now, "open_key": None}
    _set(tx, Task, tasks & (Task.state != TaskState.CLOSED), **closed)


def _empty_notes(tx: Transaction, person_id: UUID) -> None:
    """What was written down about losses, incidents and corrections; that they happened is counted."""
    _set(tx, Loss, Loss.client_id == person_id, undone_why=None)
    _set(tx, Incident, Incident.client_id == person_id, note=None)
    _set(tx, Recipient, Recipient.client_id == person_id, name=None)
    of_hers = or_(Correction.client_id == person_id, Correction.person_id == person_id)
    _set(tx, Correction, of_hers, before=None)


def _empty_numbers(tx: Transaction, traces: _Traces, at: datetime) -> None:
    links = (PersonPhone.person_id == traces.person_id) & PersonPhone.until.is_(None)
    _set(tx, PersonPhone, links, until=at)
    for phone_id in traces.phones:
        nobodys = secrets.token_bytes(len(NOBODYS))  # the column is unique
        values = {"number_index": nobodys, "suspended_at": at, "suspended_why": Reason.ERASED}
        _set(tx, PhoneNumber, PhoneNumber.id == phone_id, number=None, **values)


def _empty_person(tx: Transaction, person_id: UUID, at: datetime) -> None:
    tx.connection.execute(delete(Credential).where(Credential.person_id == person_id))
    tx.connection.execute(delete(SignIn).where(SignIn.staff_id == person_id))
    _set(tx, Note, Note.client_id == person_id, body=None)
    _set(tx, Client, Client.id == person_id, register_no=None, register_index=None, code_word=None)
    plans_end = {"look_again_on": tx.now.date() - timedelta(days=1)}  # at the worker's next tick
    _set(tx, Client, Client.id == person_id, **plans_end)
    ended = {"state": ClientState.ENDED, "state_reason": Reason.ERASED}
    _set(tx, Client, (Client.id == person_id) & Client.state.in_(_STILL_WITH_US), **ended)
    alive = (Infant.id == person_id) & Infant.state.in_(_STILL_WITH_US)
    _set(tx, Infant, alive, state=ClientState.ENDED)
    nobodys = secrets.token_bytes(len(NOBODYS))
    _set(tx, Staff, Staff.id == person_id, name_index=nobodys, on_call=False)
    _set(tx, Staff, (Staff.id == person_id) & Staff.blocked_at.is_(None), blocked_at=at)
    _set(tx, Person, Person.id == person_id, name=None, erased_at=at)


def _set(tx: Transaction, table: type[Row], where: ColumnElement[bool], **values: Any) -> None:
    tx.connection.execute(update(table).where(where).values(values))
