"""``clients.csv``: women to be enrolled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from service.actions.enrol import NewClient, enrol_client
from service.actions.reply import ask_number
from service.actions.sites import add_site
from service.domain.discretion import ADULT, full_years
from service.domain.people import ClientKind, ConsentChannel, EnrolledThrough, PhoneOwner, Sex, Wording
from service.domain.phone import Phone
from service.intake import values
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns
from service.intake.finding import folded, site_ids, staff_at
from service.intake.greeting import welcome
from service.intake.place import ROOMY, Place
from service.intake.register import Book
from service.intake.taking import AlreadyKnown, Match, Numbered, Take, Verdict, lines
from service.store.records import client, site_named
from service.store.transaction import Reading, Transaction

_TO_BE_FOUND: Final = UUID(int=0)
"""Stands for the site of a row until the site is found; no row of the database may point at it."""

_YEAR: Final = timedelta(days=366)

NO_SITE: Final = "There is no site of this name; add it with site add, or import with --create-sites."
NO_STAFF: Final = "This is the number of no member of staff."
TOO_YOUNG: Final = "A client under 18 gets neutral wording only; write T0."
BORN_LATER: Final = "She cannot have been enrolled before she was born."
ENDS_EARLY: Final = "This must be later than safe_from."


@dataclass(frozen=True)
class ClientRow:
    """A line by itself: who she is, and the names of her site and her Mentor Mother still to be found."""

    client: NewClient
    site: str
    mentor_phone: Phone | None


@dataclass(frozen=True)
class NewHere:
    """A client to be enrolled; ``new_site`` is the name of hers if it is still to be made."""

    client: NewClient
    new_site: str | None


@dataclass(frozen=True)
class ClientFile:
    """Without ``new_sites_in``, the district in which unknown sites are made, such sites are refused.

    ``welcomes`` says whether each new client is put down for a first text.
    """

    place: Place
    new_sites_in: str | None = None
    welcomes: bool = False

    name = "clients"
    columns = Columns(
        required=("phone", "nickname", "language", "site", "consent_sms", "enrolled_on"),
        optional=(
            *("mentor_phone", "kind", "wording", "phone_owner", "phone_confirmed"),
            *("consent_call", "consent_visit", "safe_from", "safe_to", "safe_days"),
            *("born_on", "sex", "edd", "register_no", "enrolled_through"),
        ),
    )

    def read(self, cells: Cells) -> ClientRow:
        new = NewClient(
            phone=cells.need("phone", self.place.phone, Phone("")),
            nickname=cells.need("nickname", self.place.nickname, ""),
            language=cells.need("language", self.place.language, ""),
            site_id=_TO_BE_FOUND,
            enrolled_on=cells.need("enrolled_on", self.place.past_day, date.min),
            consents=_consents(cells),
            phone_confirmed=cells.may("phone_confirmed", values.yes_no, True),
            kind=cells.may("kind", _KIND, ClientKind.OTHER),
            wording=cells.may("wording", _WORDING, Wording.T0),
            phone_owner=cells.may("phone_owner", _OWNER, PhoneOwner.OWN),
            safe_from=cells.may("safe_from", values.clock, None),
            safe_to=cells.may("safe_to", values.clock, None),
            safe_days=cells.may("safe_days", values.weekdays, None),
            born_on=cells.may("born_on", self.place.past_day, None),
            sex=cells.may("sex", _SEX, None),
            edd=cells.may("edd", values.day_between(values.EARLIEST, self.place.today + _YEAR), None),
            register_no=cells.may("register_no", values.line_of_text, None),
            enrolled_through=cells.may("enrolled_through", _THROUGH, EnrolledThrough.FACILITY),
        )
        _contradictions(cells, new, self.place.today)
        site = cells.need("site", values.place_name, "")
        return ClientRow(new, site, cells.may("mentor_phone", self.place.phone, None))

    def match(self, reading: Reading, rows: Sequence[Numbered[ClientRow]]) -> Iterator[Verdict[NewHere]]:
        sites = site_ids(reading)
        mentors = staff_at(reading, (one.row.mentor_phone for one in rows if one.row.mentor_phone))
        book = Book.of(reading, ((one.row.client, sites.get(folded(one.row.site))) for one in rows))
        for one in rows:
            site_id = sites.get(folded(one.row.site))
            found = book.find(one.line, one.row.client, site_id)
            unknown = tuple(self._unknown(one, sites, mentors))
            if isinstance(found, AlreadyKnown) and not one.problems:
                yield found
            elif isinstance(found, Problem):
                yield one.refused(*unknown, found)
            elif one.problems or unknown:
                yield one.refused(*unknown)
            else:
                book.note(one.line, one.row.client, site_id)
                resembles = found if isinstance(found, Match) else None
                yield Take(one.line, _placed(one.row, sites, mentors), resembles)

    def _unknown(
        self, one: Numbered[ClientRow], sites: Mapping[str, UUID], mentors: Mapping[Phone, UUID]
    ) -> Iterator[Problem]:
        site, mentor = one.row.site, one.row.mentor_phone
        if self.new_sites_in is None and site and folded(site) not in sites:
            yield Problem(one.line, "site", NO_SITE)
        if mentor and mentor not in mentors:
            yield Problem(one.line, "mentor_phone", NO_STAFF)

    def advise(self, new: Sequence[Take[NewHere]]) -> Iterator[str]:
        made = {folded(one.new.new_site): one.line for one in reversed(new) if one.new.new_site}
        if made:
            yield (
                f"Sites that are new: {len(made)} ({lines(sorted(made.values()))}). "
                "A site sends nothing until it is activated: site activate NAME."
            )
        long = [one.line for one in new if len(one.new.client.nickname) > ROOMY]
        if long:
            yield f"Nicknames of more than {ROOMY} characters may make a text dearer: {lines(long)}."

    def take(self, tx: Transaction, new: Iterable[NewHere], import_id: UUID) -> None:
        made: dict[str, UUID] = {}
        for one in new:
            found = one.client
            if one.new_site:
                site = folded(one.new_site)
                made[site] = made.get(site) or self._make_site(tx, one.new_site)
                found = replace(found, site_id=made[site])
            self._enrol(tx, found, import_id)

    def _make_site(self, tx: Transaction, name: str) -> UUID:
        known = site_named(tx, name) or add_site(tx, name, self.new_sites_in or "")
        assert known
        return known

    def _enrol(self, tx: Transaction, new: NewClient, import_id: UUID) -> None:
        client_id = enrol_client(tx, new, import_id)
        if not new.phone_confirmed:
            ask_number(tx, self.place.programme, client(tx, client_id))
        if self.welcomes:
            welcome(tx, self.place.programme, client(tx, client_id))


def _placed(row: ClientRow, sites: Mapping[str, UUID], mentors: Mapping[Phone, UUID]) -> NewHere:
    site_id = sites.get(folded(row.site))
    mentor_id = mentors[row.mentor_phone] if row.mentor_phone else None
    found = replace(row.client, site_id=site_id or _TO_BE_FOUND, mentor_id=mentor_id)
    return NewHere(found, None if site_id else row.site)


_KIND: Final = values.word(ClientKind)
_WORDING: Final = values.word(Wording)
_OWNER: Final = values.word(PhoneOwner)
_SEX: Final = values.word(Sex)
_THROUGH: Final = values.word(EnrolledThrough)


def _consents(cells: Cells) -> frozenset[ConsentChannel]:
    """Silence is no, except about texts, where the register must say."""
    given = {
        ConsentChannel.SMS: cells.need("consent_sms", values.yes_no, False),
        ConsentChannel.CALL: cells.may("consent_call", values.yes_no, False),
        ConsentChannel.VISIT: cells.may("consent_visit", values.yes_no, False),
    }
    return frozenset(channel for channel, agreed in given.items() if agreed)


def _contradictions(cells: Cells, new: NewClient, today: date) -> None:
    if new.safe_from and new.safe_to and new.safe_from >= new.safe_to:
        cells.refuse("safe_to", ENDS_EARLY)
    if new.born_on is None:
        return
    if new.wording is Wording.T1 and full_years(new.born_on, today) < ADULT:
        cells.refuse("wording", TOO_YOUNG)
    if new.enrolled_on != date.min and new.enrolled_on < new.born_on:
        cells.refuse("enrolled_on", BORN_LATER)
