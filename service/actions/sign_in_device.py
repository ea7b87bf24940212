"""Phones and tablets that are known to belong to a member of staff, and the codes that make them so."""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from service.actions.credentials import CredentialKind
from service.actions.sign_in_session import draw_token, hashed_token
from service.domain.ids import new_id
from service.store.models.access import Device, SignIn
from service.store.models.people import Credential
from service.store.transaction import Reading, Transaction

CODE_LASTS: Final = timedelta(days=1)
CODE_DIGITS: Final = 8


def give_code(tx: Transaction, staff_id: UUID) -> str:
    """A code with which a colleague can make one phone hers, once and soon. It is told by a coordinator."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    keep_code(tx, staff_id, code)
    tx.audit("give_device_code", "staff", staff_id)
    return code


def keep_code(tx: Transaction, staff_id: UUID, code: str) -> None:
    _spend_code(tx, staff_id)
    credential_id = new_id()
    tx.add(
        Credential,
        id=credential_id,
        person_id=staff_id,
        kind=CredentialKind.DEVICE_CODE,
        verifier=tx.vault.seal(Credential.verifier, credential_id, code),
        failures=0,
        set_at=tx.now,
        actor=str(tx.actor),
    )


def is_code(reading: Reading, staff_id: UUID, typed: str) -> bool:
    """Whether that is the code which she was given. Digits may be grouped."""
    row = reading.connection.execute(
        select(Credential.id, Credential.verifier).where(
            Credential.person_id == staff_id,
            Credential.kind == CredentialKind.DEVICE_CODE,
            Credential.set_at > reading.now - CODE_LASTS,
        )
    ).one_or_none()
    if row is None:
        return False
    code = reading.vault.open(Credential.verifier, row.id, row.verifier)
    return hmac.compare_digest(code.encode(), "".join(typed.split()).encode())


def enrol_device(tx: Transaction, staff_id: UUID, token: str | None) -> tuple[UUID, str]:
    """Make the browser that shows ``token`` hers, or a new one; its row and its token. Spends her code."""
    shown = token or draw_token()
    _spend_code(tx, staff_id)
    device_id = tx.add(
        Device,
        token_hash=hashed_token(shown),
        staff_id=staff_id,
        enrolled_at=tx.now,
        actor=str(tx.actor),
    )
    tx.audit("enrol_device", "staff", staff_id)
    return device_id, shown


def device_of(reading: Reading, staff_id: UUID, token: str | None) -> UUID | None:
    """The row that makes this browser hers."""
    if not token:
        return None
    return reading.connection.scalar(
        select(Device.id).where(Device.staff_id == staff_id, Device.token_hash == hashed_token(token))
    )


def forget_devices(tx: Transaction, staff_id: UUID) -> int:
    """Her phone is lost: nothing that it holds opens anything any more; how many devices there were."""
    tx.connection.execute(delete(SignIn).where(SignIn.staff_id == staff_id))
    _spend_code(tx, staff_id)
    forgotten = tx.connection.execute(delete(Device).where(Device.staff_id == staff_id)).rowcount
    tx.audit("forget_devices", "staff", staff_id)
    return forgotten


def _spend_code(tx: Transaction, staff_id: UUID) -> None:
    tx.connection.execute(
        delete(Credential).where(
            Credential.person_id == staff_id, Credential.kind == CredentialKind.DEVICE_CODE
        )
    )
