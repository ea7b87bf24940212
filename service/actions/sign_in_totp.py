"""The second step: a code from an authenticator app (RFC 6238), each good once."""

from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update

from service.actions.credentials import CredentialKind, keep
from service.actions.sign_in_tries import count_account, forgive_account
from service.store.database import database_now
from service.store.models.people import Credential
from service.store.transaction import Reading, Transaction

STEP: Final = 30
"""Seconds for which a code is shown; one that is a step early or late is taken too."""

LASTS: Final = 2 * STEP
"""Seconds from when her app shows a code until it is taken no more."""

ISSUER: Final = "Khopotso"


def offer(tx: Transaction, staff_id: UUID) -> None:
    """Draw a secret for her app, which stays the same until she has shown that it is there."""
    if offered(tx, staff_id) is None:
        keep(tx, staff_id, CredentialKind.NEW_TOTP, pyotp.random_base32())


def offered(reading: Reading, staff_id: UUID) -> str | None:
    """The secret that she is to put into her app, if one waits for that."""
    waiting = _open(reading, staff_id, CredentialKind.NEW_TOTP)
    return waiting[1] if waiting else None


def address(secret: str, name: str) -> str:
    """What the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def take_up(tx: Transaction, staff_id: UUID, code: str) -> bool:
    """Let the offered secret count once a code of it was shown."""
    waiting = _open(tx, staff_id, CredentialKind.NEW_TOTP)
    step = waiting and _step_of(waiting[1], code, database_now(tx.connection))
    if not waiting or not step:
        return False
    give(tx, staff_id, waiting[1])
    _note_step(tx, staff_id, step)
    tx.audit("set_up_totp", "staff", staff_id)
    return True


def give(tx: Transaction, staff_id: UUID, secret: str) -> None:
    keep(tx, staff_id, CredentialKind.TOTP, secret)
    _drop(tx, staff_id, CredentialKind.NEW_TOTP)


def check(tx: Transaction, staff_id: UUID, code: str) -> bool | float:
    """Whether the code is hers and new, or the seconds until she may try again."""
    whose = f"totp|{staff_id}"
    seconds = count_account(tx, whose)
    if seconds:
        return seconds
    known = _open(tx, staff_id, CredentialKind.TOTP)
    step = known and _step_of(known[1], code, database_now(tx.connection))
    if not known or not step or step <= known[0]:
        return False
    _note_step(tx, staff_id, step)
    forgive_account(tx, whose)
    return True


def take_away(tx: Transaction, staff_id: UUID) -> None:
    """Let her set up another app, because hers is lost."""
    _drop(tx, staff_id, CredentialKind.TOTP)
    _drop(tx, staff_id, CredentialKind.NEW_TOTP)
    forgive_account(tx, f"totp|{staff_id}")
    tx.audit("take_away_totp", "staff", staff_id)


def _open(reading: Reading, staff_id: UUID, kind: CredentialKind) -> tuple[int, str] | None:
    """The newest step that was taken, and the secret."""
    row = reading.connection.execute(
        select(Credential.id, Credential.verifier, Credential.last_step).where(
            Credential.person_id == staff_id, Credential.kind == kind
        )
    ).one_or_none()
    return (
        (row.last_step or 0, reading.vault.open(Credential.verifier, row.id, row.verifier)) if row else None
    )


def _step_of(secret: str, typed: str, now: float) -> int | None:
    """The time step to which a code belongs, if it is of this, the last or the next one."""
    code, step, totp = "".join(typed.split()), int(now) // STEP, pyotp.TOTP(secret)
    near = (step, step - 1, step + 1)
    return next((one for one in near if pyotp.utils.strings_equal(totp.generate_otp(one), code)), None)


def _note_step(tx: Transaction, staff_id: UUID, step: int) -> None:
    tx.connection.execute(
        update(Credential)
        .where(Credential.person_id == staff_id, Credential.kind == CredentialKind.TOTP)
        .values(last_step=step)
    )


def _drop(tx: Transaction, staff_id: UUID, kind: CredentialKind) -> None:
    tx.connection.execute(delete(Credential).where(Credential.person_id == staff_id, Credential.kind == kind))
