"""Completed contacts, by the rules for each mode."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from service.domain.care import ContactMode
from service.domain.period import Period
from service.reports.counting.definitions import Dimension, Measure
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Row, Women, chunks, women
from service.reports.counting.tags import Source
from service.store.models.care import Contact
from service.store.models.people import Client

_REMOTE: Final = frozenset({"remote"})
_IN_PERSON: Final = frozenset({"in_person"})
_BY_MODE: Final = {mode: {Dimension.MODE: str(mode)} for mode in ContactMode}


def contacts(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each contact; one that two records of a woman share is one."""
    known: set[tuple[UUID, str, UUID]] = set()
    for row in ground.reading.connection.execute(_contacts(ground, period)):
        it = ground.woman(row).who.id, row.source, row.source_id
        if it not in known:
            known.add(it)
            yield _fact(ground, row)


def first_contacts(ground: Ground, period: Period) -> Iterator[Fact]:
    """Of each woman the first contact of each mode: enough where she counts once.

    Of those who were in care at two sites, or have two records, every contact.
    """
    several = {*ground.left, *ground.merged, *(one.who.id for one in ground.merged.values())}
    for row in ground.reading.connection.execute(_firsts(ground, period)):
        if row.her_id not in several:
            yield _fact(ground, row)
    for some in chunks(several):
        of_some = _contacts(ground, period).where(Contact.client_id.in_(some))
        for row in ground.reading.connection.execute(of_some):
            yield _fact(ground, row)


def _contacts(ground: Ground, period: Period) -> Women:
    begins, ends = period.moments(ground.counting.zone)
    return (
        women()
        .join(Contact, Contact.client_id == Client.id)
        .where(Contact.occurred_at >= begins, Contact.occurred_at < ends)
        .add_columns(Contact.mode, Contact.source, Contact.source_id, Contact.occurred_at)
        .order_by(Contact.occurred_at, Contact.id)
    )


def _firsts(ground: Ground, period: Period) -> Women:
    begins, ends = period.moments(ground.counting.zone)
    first = (
        select(Contact.client_id, Contact.mode, func.min(Contact.occurred_at).label("occurred_at"))
        .where(Contact.occurred_at >= begins, Contact.occurred_at < ends, Contact.mode.in_(_modes(ground)))
        .group_by(Contact.client_id, Contact.mode)
        .subquery()
    )
    return women().join(first, first.c.client_id == Client.id).add_columns(first.c.mode, first.c.occurred_at)


def _modes(ground: Ground) -> list[ContactMode]:
    """Those by which women are counted once each."""
    once = (one for one in ground.definitions.indicators.values() if one.measure is Measure.CLIENTS)
    tags = {one.counts for one in once if one.source is Source.REACHED}
    return [mode for mode in ContactMode if _tags(ground, mode) & tags]


def _tags(ground: Ground, mode: ContactMode) -> frozenset[str]:
    return _REMOTE if mode in ground.definitions.remote else _IN_PERSON


def _fact(ground: Ground, row: Row) -> Fact:
    woman, day = ground.woman(row), ground.day(row.occurred_at)
    return Fact(woman.who, ground.site(woman, day), day, _tags(ground, row.mode), _BY_MODE[row.mode])
