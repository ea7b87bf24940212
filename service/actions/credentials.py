"""What proves that somebody is who she says: a PIN on the phone, a password in the browser."""

import secrets
from enum import StrEnum
from functools import cache
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, select

from service.domain.ids import new_id
from service.domain.pin import draw_pin
from service.store.crypto import Vault
from service.store.models.people import Credential
from service.store.transaction import Reading, Transaction


class CredentialKind(StrEnum):
    """``PIN_LEAVE`` proves nothing: it is the leave to choose a PIN."""

    PIN = "pin"
    PIN_LEAVE = "pin_leave"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    TOTP = "totp"
    NEW_TOTP = "new_totp"
    DEVICE_CODE = "device_code"


_HASHERS: Final = {
    # A million numbers are soon tried whatever a try costs; the key that goes into the hash protects a PIN.
    CredentialKind.PIN: PasswordHasher(time_cost=2, memory_cost=8 * 1024, parallelism=1),
    CredentialKind.PASSWORD: PasswordHasher(),
}
"""Argon2id; the library's own parameters are those of RFC 9106 for little memory."""

HASHED: Final = tuple(_HASHERS)

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another on paper."""


def draw_password() -> str:
    """Sixteen letters and digits in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def give(tx: Transaction, person_id: UUID, kind: CredentialKind) -> str:
    """Give a person a new secret, which replaces the one she had. It is returned once and kept nowhere."""
    secret = draw_pin() if kind is CredentialKind.PIN else draw_password()
    keep(tx, person_id, kind, hashed(tx.vault, kind, secret))
    return secret


def hashed(vault: Vault, kind: CredentialKind, secret: str) -> str:
    """What is kept in place of a secret. It takes long on purpose: not while others wait for the database."""
    return _HASHERS[kind].hash(peppered(vault, kind, secret))


def keep(tx: Transaction, person_id: UUID, kind: CredentialKind, verifier: str) -> None:
    """Let what ``hashed`` made count from now on, in place of what counted before."""
    credential_id = new_id()
    tx.connection.execute(
        delete(Credential).where(Credential.person_id == person_id, Credential.kind == kind)
    )
    tx.add(
        Credential,
        id=credential_id,
        person_id=person_id,
        kind=kind,
        verifier=tx.vault.seal(Credential.verifier, credential_id, verifier),
        failures=0,
        set_at=tx.now,
        actor=str(tx.actor),
    )


def verifier_of(reading: Reading, person_id: UUID, kind: CredentialKind) -> str | None:
    row = reading.connection.execute(
        select(Credential.id, Credential.verifier).where(
            Credential.person_id == person_id, Credential.kind == kind
        )
    ).one_or_none()
    return reading.vault.open(Credential.verifier, row.id, row.verifier) if row else None


def matches(vault: Vault, kind: CredentialKind, verifier: str, secret: str) -> bool:
    """Whether a secret is the one behind a verifier, which may be from before the keys were rotated."""
    return any(_verify(kind, verifier, key) for key in vault.indexes(kind, secret))


def _verify(kind: CredentialKind, verifier: str, secret: bytes) -> bool:
    try:
        return _HASHERS[kind].verify(verifier, secret)
    except VerifyMismatchError:
        return False


@cache
def nobodys(kind: CredentialKind) -> str:
    """A verifier that no secret matches, so that an unknown name takes as long as a known one."""
    return _HASHERS[kind].hash(secrets.token_bytes(32))


def peppered(vault: Vault, kind: CredentialKind, secret: str) -> bytes:
    """What is hashed in place of the secret: without the key file a copied verifier cannot be searched."""
    return vault.mac(kind, secret)
