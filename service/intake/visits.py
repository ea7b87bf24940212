"""``visits.csv``: dates on which clients and their infants are expected."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

from service.actions.visits import NewVisit, add_visit, go_on
from service.domain.care import VisitKind
from service.intake import values
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns
from service.intake.finding import (
    FoundClient,
    FoundInfant,
    VisitKey,
    clients_meant,
    days_known,
    folded,
    infants_of,
)
from service.intake.place import NOBODY, Place, Reference
from service.intake.taking import AlreadyKnown, Numbered, Take, Verdict, lines
from service.store.transaction import Reading, Transaction

OLDEST: Final = timedelta(days=366)
"""How long ago a visit may lie: long enough for the interval before the next one to be known.

A visit that is over sends nothing; what became of it comes in an attendance file or is asked of staff.
"""

FURTHEST: Final = timedelta(days=3 * 366)
"""How far ahead a visit may lie before its date must be taken for a slip of the pen."""

SELF: Final = "self"

NO_CLIENT: Final = "No client has this code or number."
SHARED: Final = "Several clients share this number; write the client's code."
NO_INFANT: Final = "The client has no infant of this nickname; write self or the nickname of hers."
SEVERAL_INFANTS: Final = (
    "There are several infants of this nickname; write the client's code, or record it by hand."
)


@dataclass(frozen=True)
class VisitRow:
    """``whose`` is the folded nickname of an infant, or ``self``.

    Days supplied lead up to a visit that is still to come (``interval_days``), and were handed out at one of
    today or before (``days_supplied``).
    """

    client: Reference
    kind: VisitKind
    day: date
    at: time | None
    whose: str
    interval_days: int | None
    days_supplied: int | None


@dataclass(frozen=True)
class VisitFile:
    place: Place

    name = "visits"
    columns = Columns(required=("client", "kind", "date"), optional=("time", "for", "days_supplied"))

    def read(self, cells: Cells) -> VisitRow:
        today = self.place.today
        day = cells.need("date", values.day_between(today - OLDEST, today + FURTHEST), date.min)
        supplied = cells.may("days_supplied", _DAYS_SUPPLIED, None)
        return VisitRow(
            client=cells.need("client", self.place.client, NOBODY),
            kind=cells.need("kind", _KIND, VisitKind.OTHER),
            day=day,
            at=cells.may("time", values.clock, None),
            whose=folded(cells.may("for", values.line_of_text, SELF)),
            interval_days=supplied if day > today else None,
            days_supplied=supplied if day <= today else None,
        )

    def match(self, reading: Reading, rows: Sequence[Numbered[VisitRow]]) -> Iterator[Verdict[NewVisit]]:
        people = _People.named_in(reading, (one.row.client for one in rows))
        known = days_known(reading, people.ids)
        for one in rows:
            new = people.visit(one)
            if isinstance(new, Problem):
                yield one.refused(new)
            elif new is None or one.problems:
                yield one.refused()
            elif _key(new) in known:
                yield AlreadyKnown(one.line)
            else:
                known.add(_key(new))
                yield Take(one.line, new)

    def advise(self, new: Sequence[Take[NewVisit]]) -> Iterator[str]:
        over = [visit.line for visit in new if visit.new.day < self.place.today]
        if over:
            yield f"Visits that are over send no reminder; import their attendance next: {lines(over)}."

    def take(self, tx: Transaction, new: Iterable[NewVisit], import_id: UUID) -> None:
        """The plans of each woman are gone through once, after all her lines."""
        clients: set[UUID] = set()
        for visit in new:
            add_visit(tx, visit, import_id)
            clients.add(visit.client_id)
        go_on(tx, self.place.programme, clients)


_KIND: Final = values.word(VisitKind)
_DAYS_SUPPLIED: Final = values.number_between(1, 400)


def _key(new: NewVisit) -> VisitKey:
    return new.client_id, new.subject_id, new.kind, new.day


@dataclass(frozen=True)
class _People:
    """The clients whom the rows of a file speak of, and their infants."""

    clients: Mapping[Reference, tuple[FoundClient, ...]]
    infants: Mapping[UUID, tuple[FoundInfant, ...]]

    @classmethod
    def named_in(cls, reading: Reading, references: Iterable[Reference]) -> "_People":
        clients = clients_meant(reading, references)
        return cls(clients, infants_of(reading, (one.id for found in clients.values() for one in found)))

    @property
    def ids(self) -> set[UUID]:
        return {client.id for found in self.clients.values() for client in found}

    def visit(self, one: Numbered[VisitRow]) -> NewVisit | Problem | None:
        """Whose visit it is; ``None`` where the line does not say."""
        if one.row.client == NOBODY:
            return None
        found = self.clients[one.row.client]
        if not found:
            return Problem(one.line, "client", NO_CLIENT)
        if one.row.whose != SELF:
            return self._of_infant(one, found)
        if len(found) > 1:
            return Problem(one.line, "client", SHARED)
        return _planned(one.row, found[0].id, found[0].id)

    def _of_infant(self, one: Numbered[VisitRow], found: Sequence[FoundClient]) -> NewVisit | Problem:
        """At a number that several share, an infant's nickname says whose visit it is if only one has it."""
        infants = [
            infant
            for mother in found
            for infant in self.infants.get(mother.id, ())
            if folded(infant.nickname) == one.row.whose
        ]
        if len(infants) != 1:
            return Problem(one.line, "for", SEVERAL_INFANTS if infants else NO_INFANT)
        return _planned(one.row, infants[0].mother_id, infants[0].id)


def _planned(row: VisitRow, client_id: UUID, subject_id: UUID) -> NewVisit:
    return NewVisit(client_id, subject_id, row.kind, row.day, row.at, row.interval_days, row.days_supplied)
