"""The women of a troubled year as they are now: where each is reached, and what must not reach her."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from service.actions import enrol
from service.actions.visits import NewVisit, plan_visit
from service.domain.care import VisitKind
from service.domain.people import ClientKind, ConsentChannel, PhoneOwner, Wording
from service.domain.phone import Phone
from service.domain.safety import LossKind
from service.store.models.people import Client
from service.store.transaction import Transaction
from tests.year.book import Book
from tests.year.events import DAY, World, open_day
from tests.year.people import Known

AN_ANSWER = timedelta(minutes=10)


@dataclass
class Silence:
    """Nothing may reach a phone, but for one acknowledgement."""

    why: str
    acknowledged: bool = False


@dataclass
class Somebody:
    """A client. ``quiet`` says why nothing may reach her. ``telling``: she agreed to mother-and-baby words.

    ``answers`` when she is asked whether a number is hers; until then it is not ``proven``. ``second`` is her
    other phone, since both records of her are one.
    """

    known: Known
    name: str
    client_id: UUID
    phone: Phone
    agrees: bool
    telling: bool
    quiet: str | None = None
    proven: bool = True
    answers: bool = True
    second: Phone | None = None

    def is_reached_at(self, phone: Phone) -> bool:
        """Her other phone is for when nobody knows whether she still has the first."""
        return phone == self.phone or (phone == self.second and not self.proven)

    @property
    def number(self) -> int:
        return self.known.woman.number


@dataclass(frozen=True)
class Danger:
    """A cry for help: when, from where, about which code; when somebody said that she has it."""

    at: datetime
    phone: Phone
    code: str
    taken_at: datetime


@dataclass(frozen=True)
class Doubted:
    """From then on nobody knows whether a number is hers, and nothing but that question may go there."""

    at: datetime
    client_id: UUID


@dataclass
class Lives:
    """``never`` holds the names of infants who died, ``wrote`` when a phone last sent a text.

    ``doubted`` are those whose number failed twice in a row, which somebody must be asked to check.
    """

    silent: dict[Phone, Silence] = field(default_factory=dict)
    left_behind: set[Phone] = field(default_factory=set)
    out_of_reach: set[Phone] = field(default_factory=set)
    doubted: list[Doubted] = field(default_factory=list)
    never: set[str] = field(default_factory=set)
    dangers: list[Danger] = field(default_factory=list)
    wrote: dict[Phone, datetime] = field(default_factory=dict)
    _all: dict[str, Somebody] = field(default_factory=dict)

    def meet(self, book: Book) -> None:
        """Whoever was taken in since the last time."""
        for known in book.people.values():
            woman = known.woman
            if woman.nickname not in self._all:
                telling = woman.wording is Wording.T1
                self.add(Somebody(known, woman.nickname, known.client_id, woman.phone, woman.agrees, telling))

    def add(self, somebody: Somebody) -> None:
        self._all[somebody.name] = somebody

    def drop(self, somebody: Somebody) -> None:
        """Nobody is called so any more."""
        del self._all[somebody.name]

    def of_number(self, book: Book, number: int) -> Somebody | None:
        self.meet(book)
        return self._all.get(f"N{number:X}")

    def named(self, name: str) -> Somebody | None:
        return self._all.get(name)

    def at(self, phone: Phone) -> list[Somebody]:
        return [one for one in self._all.values() if one.is_reached_at(phone)]

    def with_second(self, phone: Phone) -> list[Somebody]:
        return [one for one in self._all.values() if one.second == phone]

    def mourn(self, her: Somebody, kind: LossKind) -> None:
        """From now on nothing reaches her, and no text ever speaks of mother and baby to her."""
        her.quiet, her.telling = kind.value, False
        if kind is LossKind.INFANT_DEATH:
            self.never.add(f"B{her.number:X}")

    def fails(self, phone: Phone, at: datetime) -> None:
        """Nothing arrived there for the second time in a row."""
        for one in self.at(phone):
            if one.proven:
                self.doubted.append(Doubted(at, one.client_id))
            one.proven = False

    def answered(self, phone: Phone, at: datetime) -> bool:
        """Whether what leaves then is an answer to a text from that phone."""
        wrote = self.wrote.get(phone)
        return wrote is not None and at - wrote < AN_ANSWER

    def site_of(self, tx: Transaction, her: Somebody) -> UUID:
        return tx.connection.execute(select(Client.site_id).where(Client.id == her.client_id)).scalar_one()


def enrolled_beside(tx: Transaction, world: World, her: Somebody) -> Somebody:
    today = tx.now.astimezone(world.programme.calendar.zone).date()
    new = enrol.NewClient(
        phone=her.phone,
        nickname=f"M{her.number:X}",
        language="en",
        site_id=world.teams[0].site_id,
        enrolled_on=today,
        consents=frozenset({ConsentChannel.SMS}),
        phone_confirmed=True,
        mentor_id=world.teams[0].mentor_id,
        kind=ClientKind.AGYW,
        wording=Wording.T1,
        phone_owner=PhoneOwner.SHARED,
        born_on=today.replace(year=today.year - 16, day=1),
    )
    client_id = enrol.enrol_client(tx, new)
    for days in (12, 40, 70):
        day = open_day(today + days * DAY)
        plan_visit(tx, world.programme, NewVisit(client_id, client_id, VisitKind.PREP, day))
    return Somebody(her.known, new.nickname, client_id, her.phone, agrees=True, telling=False)


def enrolled_twice(tx: Transaction, world: World, her: Somebody) -> Somebody:
    """She is entered once more, at her other phone, with another word about texts and dates of its own."""
    today = tx.now.astimezone(world.programme.calendar.zone).date()
    agrees, telling = world.random.random() < 0.7, world.random.random() < 0.5
    new = enrol.NewClient(
        phone=Phone(her.phone.e164.replace("+266581", "+266583")),
        nickname=f"K{her.number:X}",
        language="en",
        site_id=world.teams[0].site_id,
        enrolled_on=today,
        consents=frozenset({ConsentChannel.SMS} if agrees else ()),
        phone_confirmed=True,
        mentor_id=world.teams[0].mentor_id,
        kind=ClientKind.ART,
        wording=Wording.T1 if telling else Wording.T0,
    )
    client_id = enrol.enrol_client(tx, new)
    for days in (9, 25, 50):
        day = open_day(today + days * DAY)
        plan_visit(tx, world.programme, NewVisit(client_id, client_id, VisitKind.REFILL, day))
    return Somebody(her.known, new.nickname, client_id, new.phone, agrees, telling)
