"""What a Mentor Mother's screens read: the ``Desk`` of the menu, from the same questions as her pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from service.actions import numbers
from service.actions.code_word import code_word_for
from service.actions.roster import present
from service.actions.sign_in_session import Colleague, colleague_of
from service.domain.care import VisitFact, VisitState
from service.domain.caseload import NOBODY, Caseload, sites_of
from service.domain.code import is_code
from service.domain.hours import at_local
from service.domain.people import ClientState, Role
from service.domain.tasks import Urgency
from service.menu.desk import (
    Caller,
    Case,
    Child,
    Expected,
    Item,
    Named,
    OpenVisit,
    Sampled,
    UnclosedDay,
    Week,
)
from service.phones import BadPhone, read_phone
from service.programme import Programme
from service.reports import clients as of_clients
from service.reports import today as of_today
from service.store.caseloads import client_in, clients_in
from service.store.models.care import Contact, Visit, VisitEvent
from service.store.models.people import Client, PhoneNumber, Site, StaffRole
from service.store.models.plans import InfantSample
from service.store.records import ClientRecord, clients_at, first_name, open_number
from service.store.transaction import Reading

LONGEST_LIST: Final = 40
"""Lines of the list; with more than that she needs a bigger screen, or help."""

MOST_SITES: Final = 12
LOOKS_BACK: Final = timedelta(days=60)
"""How long ago a visit may be that is marked by phone."""


@dataclass(frozen=True)
class StoreDesk:
    """The desk of one member of staff; of nobody, if she may no longer be here."""

    reading: Reading
    programme: Programme
    staff_id: UUID

    @cached_property
    def _colleague(self) -> Colleague | None:
        return colleague_of(self.reading, self.staff_id)

    @property
    def caseload(self) -> Caseload:
        return self._colleague.caseload if self._colleague else NOBODY

    @property
    def _sites(self) -> frozenset[UUID] | None:
        """Where she works; ``None`` for everywhere."""
        posts = self._colleague.posts if self._colleague else ()
        return sites_of(posts, Role.MENTOR, Role.COORDINATOR)

    def own_site(self) -> UUID | None:
        """Where she takes clients in; whoever works everywhere does so at the first site that is active."""
        where = Site.id.in_(self._sites) if self._sites is not None else Site.activated_at.is_not(None)
        return self.reading.connection.scalar(select(Site.id).where(where).order_by(Site.name).limit(1))

    @property
    def today(self) -> date:
        return self.programme.today(self.reading.now)

    # --- what waits ---

    @cached_property
    def _tasks(self) -> tuple[of_today.TaskRow, ...]:
        found = of_today.open_tasks(self.reading, self.caseload, LONGEST_LIST)
        return tuple(task for task in found if task.code or task.phone_id)

    def alerts(self) -> tuple[Item, ...]:
        return tuple(map(_item, (task for task in self._tasks if task.alarms)))

    def todo(self) -> tuple[Item, ...]:
        """What can wait until another day stands behind those who are expected today."""
        urgent = (task for task in self._tasks if task.urgency is not Urgency.SOON)
        others = (task for task in self._tasks if task.urgency is Urgency.SOON)
        return (*map(_item, urgent), *self._expected(), *map(_item, others))

    def _expected(self) -> Iterator[Item]:
        rows = of_today.expected(self.reading, self.caseload, self.today, LONGEST_LIST)
        codes = dict.fromkeys(row.code for row in rows if row.state is VisitState.PLANNED)
        return (Item(Expected.TODAY, code) for code in codes)

    def stranger(self, task_id: UUID) -> Caller | None:
        task = next((task for task in self._tasks if task.id == task_id), None)
        if task is None or task.phone_id is None:
            return None
        sealed = self.reading.connection.scalar(
            select(PhoneNumber.number).where(PhoneNumber.id == task.phone_id)
        )
        phone = open_number(self.reading, task.phone_id, sealed)
        return Caller(task.id, task.kind, phone.e164) if phone else None

    def code_word(self, task_id: UUID) -> str | None:
        return code_word_for(self.reading, task_id, self.staff_id)

    def unclosed(self) -> tuple[UnclosedDay, ...]:
        days = of_today.open_days(self.reading, self._sites, self.today)
        return tuple(UnclosedDay(day.site_id, day.site, day.day, day.unmarked) for day in days)

    # --- one client ---

    def find(self, typed: str) -> str | None:
        if is_code(typed):
            woman = client_in(self.reading, self.caseload, typed)
            return woman.code if woman else None
        phone = read_phone(typed, self.programme.country, self.programme.destinations)
        phone_id = None if isinstance(phone, BadPhone) else numbers.find(self.reading, phone)
        there = clients_at(self.reading, phone_id) if phone_id else ()
        hers = [woman for woman in there if client_in(self.reading, self.caseload, woman.code)]
        return hers[0].code if len(hers) == 1 else None

    def case(self, code: str) -> Case | None:
        woman = client_in(self.reading, self.caseload, code)
        if woman is None:
            return None
        alert = next((task.id for task in self._tasks if task.alarms and task.code == code), None)
        return Case(
            id=woman.id,
            code=woman.code,
            nickname=woman.nickname,
            state=woman.state,
            next_day=self._next_day(woman),
            to_mark=self._to_mark(woman),
            alert=alert,
            children=self._children(woman),
        )

    def _next_day(self, woman: ClientRecord) -> date | None:
        return self.reading.connection.scalar(
            select(func.min(Visit.day)).where(
                Visit.client_id == woman.id, Visit.day > self.today, Visit.state == VisitState.PLANNED
            )
        )

    def _to_mark(self, woman: ClientRecord) -> OpenVisit | None:
        row = self.reading.connection.execute(
            select(Visit.id, Visit.day, Visit.state)
            .where(
                Visit.client_id == woman.id,
                Visit.day.between(self.today - LOOKS_BACK, self.today),
                Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN, VisitState.MISSED)),
            )
            .order_by((Visit.state == VisitState.MISSED), Visit.day.desc(), Visit.id)
            .limit(1)
        ).one_or_none()
        return OpenVisit(row.id, row.day, row.state is VisitState.MISSED) if row else None

    def _children(self, woman: ClientRecord) -> tuple[Sampled, ...]:
        return tuple(
            Sampled(
                Child(infant.id, infant.nickname),
                self._waits_since(infant.id),
                pending=infant.state is ClientState.PENDING,
            )
            for infant in of_clients.infants(self.reading, woman)
            if infant.nickname and infant.state is not ClientState.DIED
        )

    def _waits_since(self, infant_id: UUID) -> date | None:
        return self.reading.connection.scalar(
            select(func.max(InfantSample.taken_on)).where(
                InfantSample.infant_id == infant_id, InfantSample.result.is_(None)
            )
        )

    # --- others, and her week ---

    def colleagues(self) -> tuple[Named, ...]:
        others = select(StaffRole.staff_id).where(
            StaffRole.role.in_((Role.MENTOR, Role.COORDINATOR)), StaffRole.staff_id != self.staff_id
        )
        here = others if self._sites is None else others.where(StaffRole.site_id.in_(self._sites))
        people = self.reading.connection.scalars(here.distinct()).all()
        there = (one for one in people if present(self.reading, one) == one)
        return tuple(sorted((Named(one, first_name(self.reading, one) or "") for one in there), key=_by_name))

    def sites_like(self, beginning: str) -> tuple[Named, ...]:
        wanted = " ".join(beginning.split()).casefold()
        sites = self.reading.connection.execute(select(Site.id, Site.name).order_by(Site.name))
        hers = self._sites or frozenset()
        found = (
            Named(*row) for row in sites if row.name.casefold().startswith(wanted) and row.id not in hers
        )
        return tuple(found)[:MOST_SITES]

    def week(self) -> Week:
        monday = self.today - timedelta(days=self.today.weekday())
        since = at_local(monday, time.min, self.programme.calendar.zone)
        return Week(
            came=self._marked(VisitFact.ATTENDED, since),
            missed=self._marked(VisitFact.MISSED, since),
            contacts=self._count(
                select(Contact.id).where(Contact.staff_id == self.staff_id, Contact.occurred_at >= since)
            ),
            enrolled=self._count(
                select(Client.id).where(Client.mentor_id == self.staff_id, Client.enrolled_on >= monday)
            ),
            open_tasks=len(self._tasks),
        )

    def _marked(self, fact: VisitFact, since: datetime) -> int:
        return self._count(
            select(VisitEvent.id)
            .join(Visit, Visit.id == VisitEvent.visit_id)
            .join(Client, Client.id == Visit.client_id)
            .where(clients_in(self.caseload), VisitEvent.fact == fact, VisitEvent.recorded_at >= since)
        )

    def _count(self, rows: Select[UUID]) -> int:
        return self.reading.connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def _item(task: of_today.TaskRow) -> Item:
    return Item(task.kind, task.code or "", task.id)


def _by_name(one: Named) -> str:
    return one.name.casefold()
