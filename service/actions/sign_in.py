"""Coming in: what was typed is counted, then weighed, then believed. The three are for the caller to string
together, because weighing takes long and must hold no transaction open."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from service.actions import credentials, pins, sign_in_device, sign_in_session, sign_in_totp
from service.actions.credentials import CredentialKind
from service.actions.sign_in_session import Colleague, Locked, colleague_of
from service.actions.sign_in_tries import (
    count_account,
    count_address,
    forgive_account,
    forgive_address,
)
from service.actions.staff import find_colleague, find_staff
from service.domain.phone import Phone
from service.phones import read_phone
from service.programme import Programme
from service.store.crypto import Vault
from service.store.transaction import Reading, Transaction

_NO_COLLEAGUE: Final = "nobody"


@dataclass(frozen=True)
class Typed:
    """What somebody sent who wants to come in. ``who`` is a name or a number; ``code`` is a coordinator's.

    ``device`` is the token of her browser, if it has one, ``address`` where the request comes from.
    """

    who: str = field(repr=False)
    secret: str = field(repr=False)
    code: str = field(repr=False)
    device: str | None = field(repr=False)
    address: str


@dataclass(frozen=True)
class Applicant:
    """Whom somebody claims to be. Without a ``verifier`` nothing that she typed can be right.

    ``device_id`` is there if the browser is known to be hers, ``may_enrol`` if she showed the code for it.
    """

    colleague: Colleague | None
    device_id: UUID | None
    may_enrol: bool
    kind: CredentialKind
    verifier: str | None = field(repr=False)
    counted_as: str = field(repr=False)


@dataclass(frozen=True)
class TooSoon:
    """Too many failures: nothing is looked at before so many seconds have passed."""

    seconds: float


@dataclass(frozen=True)
class Entered:
    """The tokens of the new session and of her device, to be given to the browser and kept nowhere."""

    session: str = field(repr=False)
    device: str | None = field(repr=False)


def knock(tx: Transaction, programme: Programme, typed: Typed) -> Applicant | TooSoon:
    """Count the try, and say what it would have to match."""
    staff_id = _whoever(tx, programme, typed.who)
    return _counted(tx, _applicant(tx, colleague_of(tx, staff_id) if staff_id else None, typed), typed)


def knock_again(tx: Transaction, locked: Locked, typed: Typed) -> Applicant | TooSoon:
    """The same for somebody whose session is locked."""
    return _counted(tx, _applicant(tx, locked.colleague, typed), typed)


def admits(tx: Transaction, applicant: Applicant, pin: str) -> bool:
    """Whether the PIN is right: that of the menu, so that a wrong try counts there as well."""
    colleague = applicant.colleague
    return colleague is not None and pins.admit(tx, (colleague.id,), pin) is not None


def fits(vault: Vault, applicant: Applicant, secret: str) -> bool:
    """Whether the password is right. Takes as long for nobody as for somebody; needs no transaction."""
    verifier = applicant.verifier or credentials.nobodys(applicant.kind)
    return credentials.matches(vault, applicant.kind, verifier, secret)


def enter(tx: Transaction, applicant: Applicant, typed: Typed) -> Entered | None:
    """Let in whoever's secret fits. ``None`` if it was changed meanwhile."""
    colleague = applicant.colleague
    if colleague is None or not _still_holds(tx, applicant, colleague.id):
        return None
    forgive(tx, applicant, typed)
    device_id, device = applicant.device_id, typed.device
    if applicant.may_enrol:
        device_id, device = sign_in_device.enrol_device(tx, colleague.id, typed.device)
    if sign_in_session.needs_second_step(tx, colleague) and not sign_in_session.has_totp(tx, colleague.id):
        sign_in_totp.offer(tx, colleague.id)
    return Entered(sign_in_session.begin(tx, colleague, device_id), device)


def reopen(tx: Transaction, applicant: Applicant, locked: Locked, typed: Typed) -> Entered | None:
    """Open a locked session again for whoever's secret fits."""
    if not _still_holds(tx, applicant, locked.colleague.id):
        return None
    forgive(tx, applicant, typed)
    return Entered(sign_in_session.renew(tx, locked.session_id), typed.device)


def recognise(tx: Transaction, colleague: Colleague, device: str | None) -> str:
    """The token by which a browser is known from now on, after both steps were passed on it.

    Strangers who guess at her name do not make her wait there.
    """
    if device and sign_in_device.device_of(tx, colleague.id, device):
        return device
    return sign_in_device.enrol_device(tx, colleague.id, device)[1]


def _whoever(reading: Reading, programme: Programme, who: str) -> UUID | None:
    found = find_staff(reading, who)
    if found:
        return found
    phone = read_phone(who, programme.country, programme.destinations)
    return find_colleague(reading, phone) if isinstance(phone, Phone) else None


def _applicant(reading: Reading, colleague: Colleague | None, typed: Typed) -> Applicant:
    if colleague is None:
        counted_as = f"{_NO_COLLEAGUE}|{typed.who.strip().casefold()}"
        return Applicant(None, None, False, CredentialKind.PASSWORD, None, counted_as)
    device_id = sign_in_device.device_of(reading, colleague.id, typed.device)
    counted_as = f"{colleague.id}|{device_id or ''}"
    if not colleague.works_by_device:
        verifier = credentials.verifier_of(reading, colleague.id, CredentialKind.PASSWORD)
        return Applicant(colleague, device_id, False, CredentialKind.PASSWORD, verifier, counted_as)
    may_enrol = device_id is None and sign_in_device.is_code(reading, colleague.id, typed.code)
    if device_id is None and not may_enrol:  # a PIN alone is not even looked at
        return Applicant(colleague, None, False, CredentialKind.PASSWORD, None, counted_as)
    verifier = credentials.verifier_of(reading, colleague.id, CredentialKind.PIN)
    return Applicant(colleague, device_id, may_enrol, CredentialKind.PIN, verifier, counted_as)


def _counted(tx: Transaction, applicant: Applicant, typed: Typed) -> Applicant | TooSoon:
    """A browser that is known to be hers is not held up by what others try from the same address."""
    seconds = 0.0 if applicant.device_id else count_address(tx, typed.address)
    seconds = seconds or count_account(tx, applicant.counted_as)
    return TooSoon(seconds) if seconds else applicant


def forgive(tx: Transaction, applicant: Applicant, typed: Typed) -> None:
    """What she typed was right: earlier tries count no more."""
    forgive_account(tx, applicant.counted_as)
    if applicant.device_id is None:
        forgive_address(tx, typed.address)


def _still_holds(reading: Reading, applicant: Applicant, staff_id: UUID) -> bool:
    known = colleague_of(reading, staff_id) is not None
    return known and credentials.verifier_of(reading, staff_id, applicant.kind) == applicant.verifier
