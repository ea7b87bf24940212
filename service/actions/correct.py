"""A record is put right on her word; what stood there is kept, and whoever was given it so will be told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update

from service.actions.corrections import keep_before
from service.actions.enrol import refuse_same_nickname
from service.actions.names import call
from service.actions.remind import align
from service.domain.discretion import ADULT, full_years
from service.domain.people import ClientKind, Sex, Wording
from service.programme import Programme
from service.store.models.people import Client, Infant, Person
from service.store.records import first_name, links_of
from service.store.transaction import Reading, Transaction


class CorrectionFault(StrEnum):
    """Why nothing was changed, and what to do instead."""

    TO_COME = "That day of birth has not come yet. Ask her again."
    OF_A_CLIENT = "An infant has no such field; correct it in her mother's record."


@dataclass(frozen=True)
class Corrected:
    """What a record should say; ``None`` leaves a field as it stands. An infant has the first three alone."""

    nickname: str | None = field(default=None, repr=False)
    born_on: date | None = None
    sex: Sex | None = None
    kind: ClientKind | None = None
    edd: date | None = None
    register_no: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class _Change:
    """``before`` is what stood there, in words; ``None`` if nothing did."""

    field: str
    before: str | None
    after: str


def correct(
    tx: Transaction, programme: Programme, person_id: UUID, said: Corrected
) -> tuple[str, ...] | CorrectionFault:
    """Put right what a client's or an infant's record says; the fields that changed.

    Raises ``NicknameTaken`` if another client at her number is called so, ``NameRefused`` if no text may.
    """
    mother_id = tx.connection.scalar(select(Infant.mother_id).where(Infant.id == person_id))
    if said.born_on and said.born_on > programme.today(tx.now):
        return CorrectionFault.TO_COME
    if mother_id and (said.kind or said.edd or said.register_no):
        return CorrectionFault.OF_A_CLIENT
    changes = tuple(_changes(tx, person_id, said))
    client_id = mother_id or person_id
    for one in changes:
        if one.before is not None:
            keep_before(tx, programme, client_id, person_id, one.field, one.before)
    _write(tx, programme, person_id, said, tuple(one.field for one in changes))
    if changes:
        _stay_neutral(tx, programme, client_id)
        align(tx, programme, (client_id,))
        tx.audit("correct", "person", person_id, ", ".join(one.field for one in changes))
    return tuple(one.field for one in changes)


def _changes(reading: Reading, person_id: UUID, said: Corrected) -> Iterator[_Change]:
    row = reading.connection.execute(
        select(Person.born_on, Person.sex, Client.kind, Client.edd, Client.register_no)
        .outerjoin(Client, Client.id == Person.id)
        .where(Person.id == person_id)
    ).one()
    stands = {
        "nickname": first_name(reading, person_id),
        "born_on": row.born_on,
        "sex": row.sex,
        "kind": row.kind,
        "edd": row.edd,
        "register_no": reading.vault.open_if(Client.register_no, person_id, row.register_no),
    }
    for name, before in stands.items():
        after = getattr(said, name)
        if after is not None and after != before:
            yield _Change(name, None if before is None else str(before), str(after))


def _write(
    tx: Transaction, programme: Programme, person_id: UUID, said: Corrected, fields: tuple[str, ...]
) -> None:
    if said.nickname and "nickname" in fields:
        for link in links_of(tx, person_id):
            refuse_same_nickname(tx, link.phone_id, said.nickname, person_id)
        call(tx, programme, person_id, said.nickname)
    if said.register_no and "register_no" in fields:
        sealed = tx.vault.seal(Client.register_no, person_id, said.register_no)
        index = tx.vault.index("register", said.register_no)
        hers = update(Client).where(Client.id == person_id)
        tx.connection.execute(hers.values(register_no=sealed, register_index=index))
    for table, names in ((Person, ("born_on", "sex")), (Client, ("kind", "edd"))):
        values = {name: getattr(said, name) for name in names if name in fields}
        if values:
            tx.connection.execute(update(table).where(table.id == person_id).values(values))


def _stay_neutral(tx: Transaction, programme: Programme, client_id: UUID) -> None:
    """Whoever turns out to be a minor gets neutral words, and no birthday makes them more telling."""
    born_on = tx.connection.scalar(select(Person.born_on).where(Person.id == client_id))
    if born_on and full_years(born_on, programme.today(tx.now)) < ADULT:
        hers = (Client.id == client_id) & (Client.wording == Wording.T1)
        tx.connection.execute(update(Client).where(hers).values(wording=Wording.T0))
