"""Real records for the stage: rows as they stand, sealed and with their ids; nothing is opened on the way.

The key ring of the stage must be the installation's own.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, insert, or_, select, text

from service.domain.message import FINAL
from service.store.models import care, events, follow_up, people, plans, safety
from service.store.models.columns import Row
from service.store.models.messages import DedupeKey, LedgerEntry, Message
from service.store.models.people import Client, Credential, Infant, PersonPhone, Staff
from service.store.transaction import Reading, Transaction

AT_ONCE: Final = 500
"""Rows in hand at one time."""

_REMEMBERED: Final = timedelta(days=9)
"""How far back texts count towards anybody's caps, and a little more."""

_FOLDERS: Final = frozenset(module.__name__ for module in (care, events, follow_up, people, plans, safety))
_KEPT: Final = frozenset({LedgerEntry, Message, DedupeKey})
_LEFT_BEHIND: Final = frozenset({Credential})

Kept = Mapping[str, frozenset[UUID]]
"""By table, the ids of the rows that are copied where not all are."""


def copy_everybody(reading: Reading, tx: Transaction) -> None:
    """Fill the stage with all that the plans need of everybody."""
    _copy(reading, tx, {})


def copy_client(reading: Reading, tx: Transaction, client_id: UUID) -> None:
    """Fill the stage with a client, her infants, whoever shares a number with her, and the team."""
    _copy(reading, tx, _hers(reading, client_id))


def _hers(reading: Reading, client_id: UUID) -> dict[str, frozenset[UUID]]:
    def ids(query: Select[UUID]) -> frozenset[UUID]:
        return frozenset(reading.connection.scalars(query))

    at_her_numbers = select(PersonPhone.phone_id).where(PersonPhone.person_id == client_id)
    sharing = select(PersonPhone.person_id).where(PersonPhone.phone_id.in_(at_her_numbers))
    clients = ids(select(Client.id).where(or_(Client.id == client_id, Client.id.in_(sharing))))
    infants = ids(select(Infant.id).where(Infant.mother_id.in_(clients)))
    persons = clients | infants | ids(select(Staff.id))
    phones = ids(select(PersonPhone.phone_id).where(PersonPhone.person_id.in_(persons)))
    return {"people": persons, "clients": clients, "infants": infants, "phones": phones}


def _copy(reading: Reading, tx: Transaction, kept: dict[str, frozenset[UUID]]) -> None:
    tx.connection.execute(text("PRAGMA defer_foreign_keys=ON"))  # staff name each other as backup
    everybody = not kept
    for table in _tables():
        found = reading.connection.execute(
            select(table).where(_worth_copying(reading, table), *_belongs(table, kept)),
            execution_options={"yield_per": AT_ONCE},
        )
        ids: set[UUID] = set()
        for rows in found.mappings().partitions():
            tx.connection.execute(insert(table), [dict(row) for row in rows])
            ids.update(row["id"] for row in rows if "id" in row)
        if not everybody:
            kept.setdefault(table.name, frozenset(ids))


def _tables() -> Iterator[Table]:
    """Each behind those that it points at."""
    classes = {mapper.local_table: mapper.class_ for mapper in Row.registry.mappers}
    for table in Row.metadata.sorted_tables:
        of = classes[table]
        if of in _KEPT or (of.__module__ in _FOLDERS and of not in _LEFT_BEHIND):
            yield table


def _worth_copying(reading: Reading, table: Table) -> ColumnElement[bool]:
    """Of the texts, those that wait and those that still count."""
    recent = Message.created_at > reading.now - _REMEMBERED
    texts = {
        Message.__tablename__: or_(recent, Message.state.not_in(FINAL)),
        DedupeKey.__tablename__: DedupeKey.created_at > reading.now - _REMEMBERED,
    }
    return texts.get(table.name, and_(True))


def _belongs(table: Table, kept: Kept) -> Iterator[ColumnElement[bool]]:
    """A row belongs to those who are copied if everything that it points at does."""
    if table.name in kept:
        yield table.c.id.in_(kept[table.name])
    for key in table.foreign_keys:
        if key.column.table.name in kept:
            yield or_(key.parent.is_(None), key.parent.in_(kept[key.column.table.name]))
