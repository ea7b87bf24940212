"""What proves that a member of staff is who she says: a PIN on the phone, a password in the browser."""

import secrets
from enum import StrEnum
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import delete

from service.domain.ids import new_id
from service.domain.pin import draw_pin
from service.store.crypto import Vault
from service.store.models.people import Credential
from service.store.transaction import Transaction


class CredentialKind(StrEnum):
    PIN = "pin"
    PASSWORD = "password"  # noqa: S105 - the name of a kind


_HASHERS: Final = {
    # A million numbers are soon tried whatever a try costs; the key that goes into the hash protects a PIN.
    CredentialKind.PIN: PasswordHasher(time_cost=2, memory_cost=8 * 1024, parallelism=1),
    CredentialKind.PASSWORD: PasswordHasher(),
}
"""Argon2id; the library's own parameters are those of RFC 9106 for little memory."""

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another on paper."""


def draw_password() -> str:
    """Sixteen letters and digits in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def give(tx: Transaction, person_id: UUID, kind: CredentialKind) -> str:
    """Give a person a new secret, which replaces the one she had. It is returned once and kept nowhere."""
    secret = draw_pin() if kind is CredentialKind.PIN else draw_password()
    credential_id = new_id()
    verifier = _HASHERS[kind].hash(peppered(tx.vault, kind, secret))
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
    return secret


def peppered(vault: Vault, kind: CredentialKind, secret: str) -> bytes:
    """What is hashed in place of the secret: without the key file a copied verifier cannot be searched."""
    return vault.mac(kind, secret)
