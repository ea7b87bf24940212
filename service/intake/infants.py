"""``infants.csv``: the infants of clients."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Final
from uuid import UUID

from service.actions.enrol import NewInfant, enrol_infant
from service.actions.remind import align
from service.domain.people import Feeding, InfantRisk, Sex
from service.intake import values
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns
from service.intake.finding import FoundClient, clients_meant, entered_twice, folded, infants_of
from service.intake.place import NOBODY, Place, Reference
from service.intake.taking import AlreadyKnown, Numbered, Take, Verdict
from service.intake.visits import NO_CLIENT, SELF, SHARED
from service.store.transaction import Reading, Transaction

_OLDEST: Final = timedelta(days=5 * 366)
"""A child born before that is no infant, and the date is probably her mother's."""

NAMESAKE: Final = "She has an infant of this nickname who was born on another day; choose another nickname."
WEANED_EARLIER: Final = "This is before the day of birth."
RESERVED: Final = "In a visits file this word means the client herself; choose another nickname."


@dataclass(frozen=True)
class InfantRow:
    mother: Reference
    nickname: str
    born_on: date
    sex: Sex | None
    risk: InfantRisk | None
    feeding: Feeding | None
    weaned_on: date | None


@dataclass(frozen=True)
class NewHere:
    """``language`` is the mother's: it is she who is texted."""

    infant: NewInfant
    language: str


@dataclass(frozen=True)
class InfantFile:
    place: Place

    name = "infants"
    columns = Columns(
        required=("mother", "nickname", "born_on"), optional=("sex", "risk", "feeding", "weaned_on")
    )

    def read(self, cells: Cells) -> InfantRow:
        today = self.place.today
        row = InfantRow(
            mother=cells.need("mother", self.place.client, NOBODY),
            nickname=cells.need("nickname", self.place.nickname, ""),
            born_on=cells.need(
                "born_on", values.day_between(today - _OLDEST, today, values.IN_FUTURE), date.min
            ),
            sex=cells.may("sex", _SEX, None),
            risk=cells.may("risk", _RISK, None),
            feeding=cells.may("feeding", _FEEDING, None),
            weaned_on=cells.may("weaned_on", self.place.past_day, None),
        )
        if folded(row.nickname) == SELF:
            cells.refuse("nickname", RESERVED)
        if row.weaned_on and row.weaned_on < row.born_on:
            cells.refuse("weaned_on", WEANED_EARLIER)
        return row

    def match(self, reading: Reading, rows: Sequence[Numbered[InfantRow]]) -> Iterator[Verdict[NewHere]]:
        mothers = clients_meant(reading, (one.row.mother for one in rows))
        known = {one.id for found in mothers.values() for one in found}
        infants = chain(entered_twice(reading, known), *infants_of(reading, known).values())
        births = {(one.mother_id, folded(one.nickname)): one.born_on for one in infants}
        for one in rows:
            mother = _mother(one, mothers[one.row.mother])
            if isinstance(mother, Problem):
                yield one.refused(mother)
            elif mother is None or one.problems:
                yield one.refused()
            else:
                yield _verdict(one, mother, births)

    def advise(self, new: Sequence[Take[NewHere]]) -> Iterator[str]:  # noqa: ARG002
        return iter(())

    def take(self, tx: Transaction, new: Iterable[NewHere], import_id: UUID) -> None:
        mothers: set[UUID] = set()
        for one in new:
            enrol_infant(tx, one.infant, one.language, import_id)
            mothers.add(one.infant.mother_id)
        align(tx, self.place.programme, mothers)


_SEX: Final = values.word(Sex)
_RISK: Final = values.word(InfantRisk)
_FEEDING: Final = values.word(Feeding)

_Name = tuple[UUID, str]
"""A mother, and what her infant is called."""


def _mother(one: Numbered[InfantRow], found: Sequence[FoundClient]) -> FoundClient | Problem | None:
    if one.row.mother == NOBODY:
        return None
    return found[0] if len(found) == 1 else Problem(one.line, "mother", SHARED if found else NO_CLIENT)


def _verdict(
    one: Numbered[InfantRow], mother: FoundClient, births: dict[_Name, date | None]
) -> Verdict[NewHere]:
    """``births`` are the infants known so far, those of the lines above included."""
    name = (mother.id, folded(one.row.nickname))
    if name not in births:
        births[name] = one.row.born_on
        return Take(one.line, NewHere(_new(one.row, mother.id), mother.language))
    if births[name] == one.row.born_on:
        return AlreadyKnown(one.line)
    return one.refused(Problem(one.line, "nickname", NAMESAKE))


def _new(row: InfantRow, mother_id: UUID) -> NewInfant:
    return NewInfant(mother_id, row.nickname, row.born_on, row.sex, row.risk, row.feeding, row.weaned_on)
