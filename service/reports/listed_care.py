"""Clients, their infants, visits and contacts as another system pages through them; never a name or a number.

Each question takes the caseload of whoever asks, which stands in the query itself. A row is what the API
shows, field by field: whatever is added here is told to other systems.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true

from service.domain.care import ContactMode, VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.caseload import Caseload
from service.domain.people import ClientKind, ClientState, EnrolledThrough, Feeding, InfantRisk, Wording
from service.reports.paging import Page, matching
from service.store.caseloads import clients_in
from service.store.models.care import Contact, Visit
from service.store.models.people import Client, Infant, Person, Site
from service.store.models.plans import InfantSample
from service.store.transaction import Reading


@dataclass(frozen=True)
class ListedClient:
    id: UUID
    code: str
    site: str
    kind: ClientKind
    state: ClientState
    wording: Wording
    language: str
    enrolled_on: date
    enrolled_through: EnrolledThrough


def clients(
    reading: Reading, caseload: Caseload, page: Page, code: str | None = None
) -> tuple[ListedClient, ...]:
    """The clients of a caseload, or the one with a code."""
    asked = (
        select(
            Client.id,
            Client.code,
            Site.name.label("site"),
            Client.kind,
            Client.state,
            Client.wording,
            Person.language,
            Client.enrolled_on,
            Client.enrolled_through,
        )
        .join(Site, Site.id == Client.site_id)
        .join(Person, Person.id == Client.id)
        .where(clients_in(caseload), Client.code == code if code else true())
    )
    return page.of(reading, ListedClient, asked, Client.id)


@dataclass(frozen=True)
class VisitsWanted:
    """Which visits; what is ``None`` decides nothing. ``day`` is local."""

    visit_id: UUID | None = None
    code: str | None = None
    day: date | None = None
    state: VisitState | None = None

    def condition(self) -> ColumnElement[bool]:
        return matching(
            (
                (Visit.id, self.visit_id),
                (Client.code, self.code),
                (Visit.day, self.day),
                (Visit.state, self.state),
            )
        )


@dataclass(frozen=True)
class ListedVisit:
    """``infant`` is the id of the infant whose visit it is, if it is not the client's own."""

    id: UUID
    client: str
    infant: UUID | None
    kind: VisitKind
    day: date
    at: time | None
    state: VisitState
    confirmed_at: datetime | None
    interval_days: int | None
    days_supplied: int | None


def visits(reading: Reading, caseload: Caseload, page: Page, wanted: VisitsWanted) -> tuple[ListedVisit, ...]:
    asked = (
        select(
            Visit.id,
            Client.code.label("client"),
            func.nullif(Visit.subject_id, Visit.client_id, type_=Visit.subject_id.type).label("infant"),
            Visit.kind,
            Visit.day,
            Visit.at,
            Visit.state,
            Visit.confirmed_at,
            Visit.interval_days,
            Visit.days_supplied,
        )
        .join(Client, Client.id == Visit.client_id)
        .where(clients_in(caseload), wanted.condition())
    )
    return page.of(reading, ListedVisit, asked, Visit.id)


@dataclass(frozen=True)
class ListedContact:
    id: UUID
    mode: ContactMode
    occurred_at: datetime


def contacts(reading: Reading, caseload: Caseload, page: Page, code: str) -> tuple[ListedContact, ...]:
    """The completed two-way contacts with one client."""
    asked = (
        select(Contact.id, Contact.mode, Contact.occurred_at)
        .join(Client, Client.id == Contact.client_id)
        .where(clients_in(caseload), Client.code == code)
    )
    return page.of(reading, ListedContact, asked, Contact.id)


@dataclass(frozen=True)
class ListedInfant:
    id: UUID
    mother: str
    born_on: date | None
    state: ClientState
    risk: InfantRisk | None
    feeding: Feeding | None
    weaned_on: date | None


@dataclass(frozen=True)
class InfantsWanted:
    infant_id: UUID | None = None
    code: str | None = None

    def condition(self) -> ColumnElement[bool]:
        return matching(((Infant.id, self.infant_id), (Client.code, self.code)))


def infants(
    reading: Reading, caseload: Caseload, page: Page, wanted: InfantsWanted
) -> tuple[ListedInfant, ...]:
    """The infants of the clients of a caseload; ``mother`` is her code. One entered in two records is one."""
    asked = (
        select(
            Infant.id,
            Client.code.label("mother"),
            Person.born_on,
            Infant.state,
            Infant.risk,
            Infant.feeding,
            Infant.weaned_on,
        )
        .join(Client, Client.id == Infant.mother_id)
        .join(Person, Person.id == Infant.id)
        .where(clients_in(caseload), Client.merged_into.is_(None), wanted.condition())
    )
    return page.of(reading, ListedInfant, asked, Infant.id)


@dataclass(frozen=True)
class ListedSample:
    id: UUID
    infant: UUID
    taken_on: date
    result: Result | None
    back_on: date | None
    given_on: date | None


@dataclass(frozen=True)
class SamplesWanted:
    sample_id: UUID | None = None
    infant_id: UUID | None = None

    def condition(self) -> ColumnElement[bool]:
        return matching(((InfantSample.id, self.sample_id), (Infant.id, self.infant_id)))


def samples(
    reading: Reading, caseload: Caseload, page: Page, wanted: SamplesWanted
) -> tuple[ListedSample, ...]:
    """The samples of infants of the clients of a caseload."""
    asked = (
        select(
            InfantSample.id,
            InfantSample.infant_id.label("infant"),
            InfantSample.taken_on,
            InfantSample.result,
            InfantSample.back_on,
            InfantSample.given_on,
        )
        .join(Infant, Infant.id == InfantSample.infant_id)
        .join(Client, Client.id == Infant.mother_id)
        .where(clients_in(caseload), Client.merged_into.is_(None), wanted.condition())
    )
    return page.of(reading, ListedSample, asked, InfantSample.id)
