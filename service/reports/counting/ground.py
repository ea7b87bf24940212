"""What every source of facts needs to know before it looks: who is who, and who was where."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row as ResultRow
from sqlalchemy import Select, select

from service.domain.hours import local_day
from service.domain.safety import TransferState
from service.reports.counting.definitions import Definitions
from service.reports.counting.fact import Somebody
from service.store.models.people import Client, Person, Site
from service.store.models.safety import Transfer
from service.store.transaction import Reading

Row = ResultRow[*tuple[Any, ...]]
Women = Select[*tuple[Any, ...]]

AT_ONCE: Final = 2000

_HER: Final = (
    Client.id.label("her_id"),
    Client.site_id.label("her_site"),
    Client.kind.label("her_kind"),
    Client.delivered_on.label("her_delivery"),
    Person.born_on.label("her_birth"),
    Person.sex.label("her_sex"),
)


@dataclass(frozen=True)
class Counting:
    """By which rules is counted, and in which zone days are reckoned."""

    definitions: Definitions
    zone: ZoneInfo


@dataclass(frozen=True)
class Ground:
    """One reading, with the few rows about everybody that the sources share.

    ``merged`` has, for each record that went into another, the woman under the record that stays. ``left``
    has the sites from which a woman was transferred, each with the day from which she was elsewhere.
    """

    reading: Reading
    counting: Counting
    districts: Mapping[UUID, UUID]
    merged: Mapping[UUID, "Woman"]
    left: Mapping[UUID, tuple[tuple[date, UUID], ...]]

    @property
    def definitions(self) -> Definitions:
        return self.counting.definitions

    @property
    def today(self) -> date:
        return self.day(self.reading.now)

    def day(self, moment: datetime) -> date:
        return local_day(moment, self.counting.zone)

    def woman(self, row: Row) -> "Woman":
        """Whom a row with the columns of ``women`` is about."""
        return self.merged.get(row.her_id) or _woman(row)

    def site(self, woman: "Woman", day: date) -> UUID:
        """Where she was in care on a local day."""
        left = self.left.get(woman.who.id)
        return (
            next((site_id for until, site_id in left if day < until), woman.site_id)
            if left
            else woman.site_id
        )


class Woman(NamedTuple):
    """``site_id`` is where she is in care now."""

    who: Somebody
    site_id: UUID


def women() -> Women:
    """Clients, without those who wait for a person's word, to be joined with what happened to them."""
    hers: Women = select(*_HER)
    return (
        hers.select_from(Client).join(Person, Person.id == Client.id).where(Client.verified_at.is_not(None))
    )


def chunks(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    """So many at once as databases take values in one query."""
    all_of_them = list(ids)
    return (all_of_them[start : start + AT_ONCE] for start in range(0, len(all_of_them), AT_ONCE))


def survey(reading: Reading, counting: Counting) -> Ground:
    """Look around once, before anything is counted."""
    sites = reading.connection.execute(select(Site.id, Site.district_id))
    districts = {row.id: row.district_id for row in sites}
    return Ground(reading, counting, districts, _merged(reading), _left(reading, counting.zone))


def _merged(reading: Reading) -> dict[UUID, Woman]:
    went = select(Client.id, Client.merged_into).where(Client.merged_into.is_not(None))
    into = {row.id: row.merged_into for row in reading.connection.execute(went)}
    stays = {record: _end(into, record) for record in into}
    rows = reading.connection.execute(women().where(Client.id.in_(set(stays.values()))))
    kept = {row.her_id: _woman(row) for row in rows}
    return {record: kept[root] for record, root in stays.items() if root in kept}


def _end(into: Mapping[UUID, UUID], record: UUID) -> UUID:
    while record in into:
        record = into[record]
    return record


def _left(reading: Reading, zone: ZoneInfo) -> dict[UUID, tuple[tuple[date, UUID], ...]]:
    accepted = (
        select(Transfer.client_id, Transfer.answered_at, Transfer.from_site_id)
        .where(Transfer.state == TransferState.ACCEPTED)
        .order_by(Transfer.answered_at, Transfer.id)
    )
    left: dict[UUID, list[tuple[date, UUID]]] = defaultdict(list)
    for client_id, answered_at, site_id in reading.connection.execute(accepted):
        if answered_at:
            left[client_id].append((local_day(answered_at, zone), site_id))
    return {client_id: tuple(sites) for client_id, sites in left.items()}


def _woman(row: Row) -> Woman:
    who = Somebody(row.her_id, row.her_birth, row.her_sex, row.her_kind, row.her_delivery)
    return Woman(who, row.her_site)
