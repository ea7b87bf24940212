"""A new password or PIN that somebody chooses for herself, after she has shown the one that she has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import delete, select

from service.actions import credentials, pins
from service.actions.credentials import CredentialKind
from service.domain.pin import is_pin, is_weak
from service.store.models.access import SignIn
from service.store.models.people import PersonPhone
from service.store.transaction import Reading, Transaction

SHORTEST: Final = 15
"""Letters of a password that is the only proof (NIST SP 800-63B-4, 3.1.1.2)."""

LONGEST: Final = 200


class SecretFault(StrEnum):
    """Why a new secret was not taken."""

    SHORT = "short"
    LONG = "long"
    WEAK = "weak"


@dataclass(frozen=True)
class NewPassword:
    """What is kept in place of it (``credentials.hashed``)."""

    verifier: str = field(repr=False)


@dataclass(frozen=True)
class NewPin:
    digits: str = field(repr=False)


NewSecret = NewPassword | NewPin


def fault_of(kind: CredentialKind, secret: str) -> SecretFault | None:
    """What is wrong with a secret as it was typed."""
    if kind is CredentialKind.PIN:
        return None if is_pin(secret) and not is_weak(secret) else SecretFault.WEAK
    if len(secret) < SHORTEST:
        return SecretFault.SHORT
    return SecretFault.LONG if len(secret) > LONGEST else None


def replace_secret(tx: Transaction, staff_id: UUID, session_id: UUID, new: NewSecret) -> SecretFault | None:
    """Let the new one count, and sign her out wherever else she is in."""
    match new:
        case NewPin(digits):
            if not pins.choose(tx, staff_id, _at_her_phones(tx, staff_id), digits):
                return SecretFault.WEAK
        case NewPassword(verifier):
            credentials.keep(tx, staff_id, CredentialKind.PASSWORD, verifier)
            tx.audit("choose_password", "staff", staff_id)
        case _:
            assert_never(new)
    elsewhere = (SignIn.staff_id == staff_id) & (SignIn.id != session_id)
    tx.connection.execute(delete(SignIn).where(elsewhere))
    return None


def _at_her_phones(reading: Reading, staff_id: UUID) -> Sequence[UUID]:
    """Everybody who is reached where she is: at one phone no two may have one PIN."""
    hers = select(PersonPhone.phone_id).where(PersonPhone.person_id == staff_id, PersonPhone.until.is_(None))
    there = select(PersonPhone.person_id).where(PersonPhone.phone_id.in_(hers), PersonPhone.until.is_(None))
    return reading.connection.scalars(there).all()
