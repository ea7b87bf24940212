"""Whoever is at the other end of a phone: nobody we know, one client, several, or a member of staff."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.actions import invitations, numbers, pins
from service.actions.compose import site_names
from service.actions.desk import StoreDesk
from service.domain.hours import Calendar, first_open_day, narrowed
from service.domain.people import PhoneOwner
from service.domain.phone import Phone
from service.menu.desk import Child
from service.menu.facts import NextVisit, Opening, Room, TooEasy
from service.phones import read_phone
from service.programme import Programme
from service.store.models.care import Visit
from service.store.models.people import Client, Infant, Person, PhoneNumber
from service.store.records import ClientRecord, clients_at, links_of, staff_at
from service.store.transaction import Reading, Transaction

OFFERED_DAYS = 3


@dataclass(frozen=True)
class Caller:
    """``clients`` are those reached at this number; ``source`` and ``source_id`` say how she came to us."""

    phone: Phone
    phone_id: UUID | None
    clients: tuple[ClientRecord, ...]
    staff_id: UUID | None
    source: str
    source_id: UUID

    @property
    def people(self) -> tuple[UUID, ...]:
        """Everybody who is reached at this number and may have a PIN, staff first."""
        staff = (self.staff_id,) if self.staff_id else ()
        return (*staff, *(client.id for client in self.clients))

    def behind_door(self, who: str) -> "Caller":
        """The caller as the one whose PIN was typed, and nobody else at this number."""
        clients = tuple(client for client in self.clients if str(client.id) == who)
        return replace(self, clients=clients, staff_id=self.staff_id if str(self.staff_id) == who else None)

    @property
    def only_client(self) -> ClientRecord | None:
        """The client, where there can be no doubt which one it is."""
        return self.clients[0] if len(self.clients) == 1 else None

    @property
    def language(self) -> str | None:
        """The language of everybody at this number, if they have one in common."""
        known = {client.language for client in self.clients}
        return known.pop() if len(known) == 1 else None


def who_calls(reading: Reading, phone: Phone, source: str, source_id: UUID) -> Caller:
    """Whoever reported a number as wrong is a stranger from then on, and is shown nothing of anybody."""
    phone_id = numbers.find(reading, phone)
    return Caller(
        phone=phone,
        phone_id=phone_id,
        clients=_known_there(reading, phone_id) if phone_id else (),
        staff_id=staff_at(reading, phone_id) if phone_id else None,
        source=source,
        source_id=source_id,
    )


def _known_there(reading: Reading, phone_id: UUID) -> tuple[ClientRecord, ...]:
    return () if numbers.is_suspended(reading, phone_id) else clients_at(reading, phone_id)


@dataclass(frozen=True)
class CallerFacts:
    """What a screen may know of a caller: the ``Facts`` of the menu, read from the store when asked."""

    reading: Transaction
    programme: Programme
    caller: Caller

    def today(self) -> date:
        return self.programme.today(self.reading.now)

    def language(self) -> str:
        """What was chosen on this phone, by whomever; then what its clients speak; then the country's."""
        chosen = self.reading.connection.scalar(
            select(PhoneNumber.language).where(PhoneNumber.id == self.caller.phone_id)
        )
        return chosen or self.caller.language or self.programme.language

    def languages(self) -> Mapping[str, str]:
        texts = self.programme.texts
        return {language: texts.name(language) for language in texts.languages}

    def next_visit(self) -> NextVisit | None:
        row = self.reading.connection.execute(
            select(Visit.id, Visit.day, Visit.event_id)
            .where(
                Visit.client_id.in_([client.id for client in self.caller.clients]),
                Visit.day >= self.programme.today(self.reading.now),
                Visit.state.in_(invitations.OPEN),
            )
            .order_by(Visit.day, Visit.id)
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return NextVisit(row.id, row.day, not self._is_hers_alone(), row.event_id is not None)

    def _is_hers_alone(self) -> bool:
        woman = self.caller.only_client
        if woman is None:
            return False
        return any(
            link.phone_id == self.caller.phone_id and link.owner is PhoneOwner.OWN and link.confirmed_at
            for link in links_of(self.reading, woman.id)
        )

    def offered_days(self, visit_id: UUID) -> tuple[date, ...]:
        """The first open days after her date; her Mentor Mother decides."""
        day = self.reading.connection.execute(select(Visit.day).where(Visit.id == visit_id)).scalar_one()
        return _open_days_after(day, self._calendar())

    def _calendar(self) -> Calendar:
        woman = self.caller.only_client
        usual = self.programme.calendar
        return narrowed(usual, woman.safe_times(usual.safe) if woman else None)

    def transport_number(self) -> str | None:
        return self.programme.transport_number

    def referral_numbers(self) -> tuple[str, ...]:
        return self.programme.referral_numbers

    def may_be_called(self, name: str) -> bool:
        return self.programme.texts.gate.name_fault(name, site_names(self.reading)) is None

    def number(self, typed: str) -> str | None:
        read = read_phone(typed, self.programme.country, self.programme.destinations)
        return read.e164 if isinstance(read, Phone) else None

    def knock(self, pin: str) -> Opening | TooEasy | None:
        people = self.caller.people
        admitted = pins.admit(self.reading, people, pin)
        if admitted:
            return self._opening(admitted)
        choosing = pins.may_choose(self.reading, people)
        if choosing is None:
            return None
        chosen = pins.choose(self.reading, choosing, people, pin)
        return self._opening(choosing) if chosen else TooEasy()

    def _opening(self, person_id: UUID) -> Opening:
        language = self.reading.connection.execute(
            select(Person.language).where(Person.id == person_id)
        ).scalar_one()
        room = Room.DESK if person_id == self.caller.staff_id else Room.MINE
        return Opening(str(person_id), room, language)

    def desk(self, who: str) -> StoreDesk:
        return StoreDesk(self.reading, self.programme, UUID(who))

    def is_inside(self, who: str) -> bool:
        return who in map(str, self.caller.people)

    def children(self, who: str) -> tuple[Child, ...]:
        mothers = self.caller.behind_door(who).clients
        rows = self.reading.connection.execute(
            select(Person.id, Person.name)
            .join(Infant, Infant.id == Person.id)
            .where(Infant.mother_id.in_([mother.id for mother in mothers]))
            .order_by(Person.born_on, Person.id)
        )
        names = ((row.id, self.reading.vault.open_if(Person.name, row.id, row.name)) for row in rows)
        return tuple(Child(child_id, name) for child_id, name in names if name)

    def has_code_word(self, who: str) -> bool:
        mothers = [mother.id for mother in self.caller.behind_door(who).clients]
        words = select(Client.id).where(Client.id.in_(mothers), Client.code_word.is_not(None))
        return self.reading.connection.scalar(words) is not None


def _open_days_after(day: date, calendar: Calendar) -> tuple[date, ...]:
    days: list[date] = []
    while len(days) < OFFERED_DAYS:
        following = (days[-1] if days else day).toordinal() + 1
        days.append(first_open_day(date.fromordinal(following), calendar))
    return tuple(days)
