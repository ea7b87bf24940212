"""Who is behind a figure of a site: client codes, for whoever looks after these women."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.reports.counting.ground import chunks, survey
from service.reports.counting.sources import SOURCES
from service.reports.figures import Counting, Dimension, Period
from service.store.models.people import Client, Infant
from service.store.transaction import Reading


@dataclass(frozen=True)
class Case:
    """``code`` is the client's, of an infant its mother's. ``told`` is what else the figure tells of it."""

    code: str
    on: date
    told: tuple[tuple[Dimension, str], ...]


def cases(
    reading: Reading, counting: Counting, indicator_id: str, period: Period, site_id: UUID
) -> tuple[Case, ...]:
    """What an indicator counted at a site, the newest first. Raises ``KeyError`` for an unknown one."""
    indicator = counting.definitions.indicators[indicator_id]
    found = [
        fact
        for fact in SOURCES[indicator.source](survey(reading, counting), period)
        if indicator.counts in fact.tags and fact.site_id == site_id
    ]
    codes = dict(_codes(reading, {fact.subject.id for fact in found}))
    told = {Case(codes[fact.subject.id], fact.on, tuple(sorted(fact.values.items()))) for fact in found}
    return tuple(sorted(told, key=lambda case: (case.on, case.code), reverse=True))


def _codes(reading: Reading, ids: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    for some in chunks(ids):
        yield from map(
            tuple, reading.connection.execute(select(Client.id, Client.code).where(Client.id.in_(some)))
        )
        of_mothers = select(Infant.id, Client.code).join(Client, Client.id == Infant.mother_id)
        yield from map(tuple, reading.connection.execute(of_mothers.where(Infant.id.in_(some))))
