"""Infants of two records of one woman who may have been entered in both; a person says which are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from service.reports.clients import InfantRow, infants
from service.store.records import ClientRecord
from service.store.transaction import Reading

ALIKE_WITHIN: Final = timedelta(days=14)
"""Two births of one woman lie months apart: whose days of birth are so near are twins, or the same.

No guideline says how near a mistyped day may be; this is ours, to be approved.
"""


@dataclass(frozen=True)
class Lookalike:
    """An infant of the record that goes, and those of the one that stays of whom it may be one."""

    infant: InfantRow
    perhaps: tuple[InfantRow, ...]


def lookalikes(reading: Reading, kept: ClientRecord, other: ClientRecord) -> tuple[Lookalike, ...]:
    """The infants of ``other`` who look like one of ``kept``; none for whom no day of birth is known."""
    hers = infants(reading, kept)
    found = (
        Lookalike(one, tuple(known for known in hers if _alike(one, known)))
        for one in infants(reading, other)
    )
    return tuple(one for one in found if one.perhaps)


def _alike(one: InfantRow, other: InfantRow) -> bool:
    if one.born_on is None or other.born_on is None:
        return False
    return abs(one.born_on - other.born_on) <= ALIKE_WITHIN
