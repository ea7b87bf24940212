"""Clients whom the other kinds of file speak of."""

from sqlalchemy import select

from service.intake.clients import ClientFile
from service.intake.infants import InfantFile
from service.store.models.people import Client, PersonPhone, PhoneNumber
from tests.intake.office import Office

LINEO, MPHO, SHARED = "58100001", "58100002", "58100003"


def enrol_women(office: Office) -> None:
    """Lineo and Mpho have a number each, Neo and Thato share one; Mpho and Neo have an infant each."""
    office.takes(
        ClientFile(office.place),
        f"""phone,nickname,language,site,consent_sms,enrolled_on
        {LINEO},Lineo,st,Ha Demo,yes,2026-11-02
        {MPHO},Mpho,en,Ha Demo,yes,2026-11-02
        {SHARED},Neo,en,Ha Demo,yes,2026-11-02
        {SHARED},Thato,en,Ha Demo,yes,2026-11-02""",
    )
    report = office.takes(
        InfantFile(office.place),
        f"mother,nickname,born_on\n{MPHO},Pule,2026-06-01\n{code_of(office, SHARED)},Lerato,2026-07-01",
    )
    assert report.taken == 2


def code_of(office: Office, number: str) -> str:
    """The code of whoever came first to a number."""
    codes = (
        select(Client.code)
        .join(PersonPhone, PersonPhone.person_id == Client.id)
        .join(PhoneNumber, PhoneNumber.id == PersonPhone.phone_id)
        .order_by(PersonPhone.since, PersonPhone.id)
    )
    index = office.store.vault.index("phone", f"+266{number}")
    ((first,), *_) = office.answers(codes.where(PhoneNumber.number_index == index))
    return str(first)
