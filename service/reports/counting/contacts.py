"""Completed contacts, by the rules for each mode."""

from collections.abc import Iterator

from service.domain.period import Period
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, women
from service.store.models.care import Contact
from service.store.models.people import Client


def contacts(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each contact; one that two records of a woman share is one."""
    begins, ends = period.moments(ground.counting.zone)
    rows = ground.reading.connection.execute(
        women()
        .join(Contact, Contact.client_id == Client.id)
        .where(Contact.occurred_at >= begins, Contact.occurred_at < ends)
        .add_columns(Contact.mode, Contact.source, Contact.source_id, Contact.occurred_at)
        .order_by(Contact.occurred_at, Contact.id)
    )
    known = set()
    for row in rows:
        woman = ground.woman(row)
        if (it := (woman.who.id, row.source, row.source_id)) not in known:
            known.add(it)
            day = ground.day(row.occurred_at)
            tag = "remote" if row.mode in ground.definitions.remote else "in_person"
            values = {Dimension.MODE: str(row.mode)}
            yield Fact(woman.who, ground.site(woman, day), day, frozenset({tag}), values)
