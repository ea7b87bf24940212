"""The staff of the demonstration, each with a secret that is printed when it starts."""

from functools import cache
from uuid import UUID

from service.actions import credentials, sign_in_totp
from service.actions.credentials import CredentialKind
from service.actions.sign_in_device import keep_code
from service.actions.sign_in_session import WITH_SECOND_STEP
from service.actions.staff import NewStaff, StaffFault, find_staff, take_on
from service.domain.people import Role
from service.seeding.cast import DESKS, DEVICE_CODE, PASSWORD, PIN, PLACES, TOTP_KEY, Desk, Place, phone
from service.store.crypto import Vault
from service.store.transaction import Transaction


def add_mentor(tx: Transaction, place: Place, site_id: UUID) -> UUID:
    new = NewStaff(place.mentor, phone(place.ending), "en", frozenset({Role.MENTOR}), (site_id,))
    staff_id = _added(tx, new)
    _let_know(tx, staff_id, CredentialKind.PIN, PIN)
    return staff_id


def add_desk(tx: Transaction, desk: Desk) -> UUID:
    new = NewStaff(desk.name, phone(desk.ending), "en", frozenset({desk.role}), on_call=desk is DESKS[0])
    staff_id = _added(tx, new)
    _let_know(tx, staff_id, CredentialKind.PASSWORD, PASSWORD)
    if desk.role in WITH_SECOND_STEP:
        sign_in_totp.give(tx, staff_id, TOTP_KEY)
    return staff_id


def give_codes(tx: Transaction) -> None:
    """Let each Mentor Mother make a phone hers with the code that is printed, once from now on."""
    for place in PLACES:
        staff_id = find_staff(tx, place.mentor)
        if staff_id:
            keep_code(tx, staff_id, DEVICE_CODE)


def _let_know(tx: Transaction, staff_id: UUID, kind: CredentialKind, secret: str) -> None:
    credentials.keep(tx, staff_id, kind, _hashed(tx.vault, kind, secret))


@cache
def _hashed(vault: Vault, kind: CredentialKind, secret: str) -> str:
    """Once for all who have the same secret: it takes long on purpose, and the demonstration is to start."""
    return credentials.hashed(vault, kind, secret)


def _added(tx: Transaction, new: NewStaff) -> UUID:
    added = take_on(tx, new)
    if isinstance(added, StaffFault):
        raise RuntimeError(f"The database was seeded before: {added}")
    return added
