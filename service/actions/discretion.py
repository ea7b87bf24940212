"""What the record says about how much a text may tell one client at one number."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.actions.consent import T1_SCRIPTS, script_of
from service.actions.dated_visit import waits_for_a_person
from service.domain.discretion import Circumstances, full_years, wording_for
from service.domain.people import Wording
from service.programme import Programme
from service.store.models.people import Infant, Person
from service.store.records import ClientRecord, clients_at, links_of
from service.store.transaction import Reading


def wording_now(
    reading: Reading, programme: Programme, woman: ClientRecord, phone_id: UUID | None
) -> Wording:
    """The most telling wording of a text that may go to her at that number now."""
    if woman.wording is not Wording.T1:
        return woman.wording
    link = next((link for link in links_of(reading, woman.id) if link.phone_id == phone_id), None)
    at_number = clients_at(reading, phone_id) if phone_id else ()
    known = Circumstances(
        chosen=woman.wording,
        informed=script_of(reading, woman.id) in T1_SCRIPTS,
        owner=link.owner if link else None,
        confirmed=link is not None and link.confirmed_at is not None,
        others=sum(other.id != woman.id for other in at_number),
        kind=woman.kind,
        age=_age(reading, woman.id, programme.today(reading.now)),
        a_person_first=_is_to_be_told(reading, woman.id),
    )
    return wording_for(known)


def _is_to_be_told(reading: Reading, client_id: UUID) -> bool:
    """Whether a child of hers has a result that a person must tell her first."""
    hers = select(Infant.id).where(Infant.mother_id == client_id, waits_for_a_person(Infant.id))
    return reading.connection.scalar(hers.limit(1)) is not None


def _age(reading: Reading, client_id: UUID, today: date) -> int | None:
    born_on = reading.connection.scalar(select(Person.born_on).where(Person.id == client_id))
    return full_years(born_on, today) if born_on else None
