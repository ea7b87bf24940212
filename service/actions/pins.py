"""The PIN at the door of the menu: tried, chosen, and the leave to choose one.

Whoever does not know one learns nothing: a wrong PIN, one that rests, and a number that nobody knows are
answered alike, and take as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import case, delete, or_, select, update

from service.actions.credentials import CredentialKind, hashed, keep, matches, nobodys
from service.actions.tasks import NewTask, open_task
from service.domain.pin import is_weak
from service.domain.tasks import TaskKind
from service.store.models.people import Client, Credential
from service.store.transaction import Reading, Transaction

PIN: Final = CredentialKind.PIN

TRIES: Final = 5
"""Wrong tries in a row before a PIN rests."""

MOST_TRIES: Final = 10
"""Wrong tries before staff must let her choose another."""

RESTS_FOR: Final = timedelta(minutes=30)
MAY_CHOOSE_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True)
class _Tried:
    """A PIN whose tries were counted, this one included."""

    id: UUID
    person_id: UUID
    verifier: bytes
    failures: int


def admit(tx: Transaction, people: Sequence[UUID], pin: str) -> UUID | None:
    """Whose PIN this is, of the people who are reached at a phone.

    1. Count the try for each of them: the rows stay locked, so parallel tries are counted one by one, and
       nothing is answered unless the count is durable.
    2. Compare. A PIN that rests is not even looked at.
    3. If one is right, the try counts for nobody; the fifth wrong one tells a person.
    """
    tried = [found for person_id in sorted(people) if (found := _count(tx, person_id))]
    right = [one for one in tried if _is(tx, one.id, one.verifier, pin)]
    if not tried:
        matches(tx.vault, PIN, nobodys(PIN), pin)  # which takes as long
    if not right:
        _tell_of_locked(tx, tried)
        return None
    found = min(right, key=lambda one: people.index(one.person_id))
    _forget(tx, tried, found)
    return found.person_id


def _count(tx: Transaction, person_id: UUID) -> _Tried | None:
    after = Credential.failures + 1
    row = tx.connection.execute(
        update(Credential)
        .where(
            Credential.person_id == person_id,
            Credential.kind == PIN,
            Credential.failures < MOST_TRIES,
            or_(Credential.locked_until.is_(None), Credential.locked_until <= tx.now),
        )
        .values(failures=after, locked_until=case((after == TRIES, tx.now + RESTS_FOR), else_=None))
        .returning(Credential.id, Credential.verifier, Credential.failures)
    ).one_or_none()
    return _Tried(row.id, person_id, row.verifier, row.failures) if row else None


def _is(reading: Reading, credential_id: UUID, sealed: bytes, pin: str) -> bool:
    verifier = reading.vault.open(Credential.verifier, credential_id, sealed)
    return matches(reading.vault, PIN, verifier, pin)


def _forget(tx: Transaction, tried: Sequence[_Tried], right: _Tried) -> None:
    for one in tried:
        failures = 0 if one is right else one.failures - 1
        tx.connection.execute(
            update(Credential).where(Credential.id == one.id).values(failures=failures, locked_until=None)
        )


def _tell_of_locked(tx: Transaction, tried: Sequence[_Tried]) -> None:
    for one in tried:
        if one.failures in (TRIES, MOST_TRIES):
            client_id = tx.connection.scalar(select(Client.id).where(Client.id == one.person_id))
            open_task(tx, NewTask(TaskKind.PIN_LOCKED, client_id, about=str(one.person_id)))
            tx.audit("pin_locked", "person", one.person_id)


def let_choose(tx: Transaction, person_id: UUID) -> None:
    """Let somebody choose a PIN at the door of her own phone, within a day; the one that she had is void."""
    tx.connection.execute(delete(Credential).where(Credential.person_id == person_id, Credential.kind == PIN))
    keep(tx, person_id, CredentialKind.PIN_LEAVE, "")
    tx.audit("let_choose_pin", "person", person_id)


def may_choose(reading: Reading, people: Sequence[UUID]) -> UUID | None:
    """Who of them was let choose her PIN and has not yet; nobody where it is not clear who."""
    waiting = reading.connection.scalars(
        select(Credential.person_id).where(
            Credential.person_id.in_(people),
            Credential.kind == CredentialKind.PIN_LEAVE,
            Credential.set_at > reading.now - MAY_CHOOSE_FOR,
        )
    ).all()
    return waiting[0] if len(waiting) == 1 else None


def choose(tx: Transaction, person_id: UUID, people: Sequence[UUID], pin: str) -> bool:
    """Let this be her PIN; not one that is tried first, or that another of the people at her phone has."""
    if is_weak(pin) or _is_taken(tx, [other for other in people if other != person_id], pin):
        return False
    keep(tx, person_id, PIN, hashed(tx.vault, PIN, pin))
    leave = Credential.kind == CredentialKind.PIN_LEAVE
    tx.connection.execute(delete(Credential).where(Credential.person_id == person_id, leave))
    tx.audit("choose_pin", "person", person_id)
    return True


def _is_taken(reading: Reading, others: Sequence[UUID], pin: str) -> bool:
    theirs = select(Credential.id, Credential.verifier).where(
        Credential.person_id.in_(others), Credential.kind == PIN
    )
    return any(_is(reading, *row, pin) for row in reading.connection.execute(theirs))
