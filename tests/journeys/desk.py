"""A Mentor Mother's morning: the clients whom she will find on her phone, and their codes."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions import carry_out, enrol, numbers, pins, register, samples, sites, staff, visits
from service.actions.caller import who_calls
from service.domain.care import VisitKind
from service.domain.code import check_digit
from service.domain.effects import AskForCall, DangerSigns, Patient, ReportDanger
from service.domain.ids import new_id
from service.domain.people import SYSTEM, ClientKind, ConsentChannel, Role
from service.domain.phone import Phone
from service.programme import Programme
from service.store.models.people import Client
from service.store.transaction import Reading, Transaction
from tests.worker.village import MONDAY, Village

MENTORS_PHONE: Final = Phone("+26658100050")
PIN: Final = "7291"

_WOMEN: Final = (
    ("Thato", ClientKind.ART, 0),
    ("Lineo", ClientKind.PREGNANT, 0),
    ("Neo", ClientKind.BREASTFEEDING, 0),
    ("Pulane", ClientKind.ART, 4),
    ("Mosa", ClientKind.ART, -3),
    ("Refiloe", ClientKind.OTHER, 0),
)
"""Her name, who she is, and in how many days she is expected."""


def code(number: int) -> str:
    """A code that can be written into a conversation, instead of one that is drawn."""
    digits = f"{number:05}"
    return digits + check_digit(digits)


def morning(village: Village, language: str) -> None:
    """Palesa's: four clients are expected today, one was on Friday, one is in danger, two are unknown."""
    programme, site = village.parts.programme, village.site
    village.store.write(lambda tx: _morning(tx, programme, site, language), SYSTEM)


def _morning(tx: Transaction, programme: Programme, site: UUID, language: str) -> None:
    palesa = _mentor(tx, "Palesa", MENTORS_PHONE, site, language)
    assert pins.choose(tx, palesa, [palesa], PIN)
    _mentor(tx, "Limpho", Phone("+26658100051"), site, language)
    other_site = sites.add_site(tx, "Thaba Demo", "Berea")
    assert other_site
    sites.activate(tx, other_site)
    women = [_woman(tx, programme, number, palesa, site, language) for number in range(len(_WOMEN))]
    visits.note_unrecorded(tx, MONDAY)
    infant = enrol.enrol_infant(tx, enrol.NewInfant(women[2], "Pule", MONDAY - timedelta(days=60)), language)
    samples.record_sample(tx, programme, infant, MONDAY - timedelta(days=14))
    _calls(tx, programme)


def _mentor(tx: Transaction, name: str, phone: Phone, site: UUID, language: str) -> UUID:
    new = staff.NewStaff(name, phone, language, frozenset({Role.MENTOR}), (site,), on_call=True)
    staff.add_staff(tx, new)
    found = staff.find_staff(tx, name)
    assert found
    return found


def _woman(
    tx: Transaction, programme: Programme, number: int, mentor: UUID, site: UUID, language: str
) -> UUID:
    name, kind, days = _WOMEN[number]
    new = enrol.NewClient(
        phone=Phone(f"+2665810000{number + 1}"),
        nickname=name,
        language=language,
        site_id=site,
        enrolled_on=MONDAY,
        consents=frozenset({ConsentChannel.SMS}),
        phone_confirmed=True,
        mentor_id=mentor,
        kind=kind,
    )
    woman = enrol.enrol_client(tx, new)
    tx.connection.execute(update(Client).where(Client.id == woman).values(code=code(10001 + number)))
    visits.plan_visit(
        tx, programme, visits.NewVisit(woman, woman, VisitKind.ANC, MONDAY + timedelta(days=days))
    )
    return woman


def _calls(tx: Transaction, programme: Programme) -> None:
    """Pulane is in danger, somebody asks for a call, somebody takes herself in."""
    for number, effect in (
        ("+26658100004", ReportDanger(Patient.HERSELF, DangerSigns.MOTHER_FIRST)),
        ("+26658100099", AskForCall()),
    ):
        caller = who_calls(tx, Phone(number), "ussd", new_id())
        carry_out.carry_out(tx, programme, caller, effect)
    newcomer = who_calls(tx, Phone("+26658100098"), "ussd", new_id())
    numbers.note(tx, newcomer.phone)
    register.register(tx, programme, newcomer, "Mathabo", "4063")


def drawn_codes(reading: Reading) -> tuple[str, ...]:
    """The codes of whoever was enrolled since, the first in front."""
    rows = reading.connection.scalars(select(Client.code).order_by(Client.created_at, Client.id))
    return tuple(rows)[len(_WOMEN) :]
