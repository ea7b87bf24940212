"""Seals over the audit: batches of rows under keyed hashes, each bound to all that was sealed before it.

Whoever may write to the database and lacks the key file cannot change, add, remove or reorder a sealed row
unnoticed. What he may do is to take the newest rows away together with their seals and what points at them;
only somebody who kept the id of a later seal elsewhere notices that.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy import Row as ResultRow

from service.domain.ids import new_id
from service.store.crypto import Tampered
from service.store.models.operations import AuditRow, AuditSeal, Mark
from service.store.transaction import Reading, Transaction

AT_ONCE: Final = 500

LATE: Final = timedelta(hours=1)
"""How much older than the last seal a row may say that it is; no transaction takes longer."""

_PURPOSE: Final = "audit"
_HEAD: Final = "audit_head"
"""The mark of the last seal: its id, and the hash of all that was sealed up to it."""

_SEALED: Final = (
    AuditRow.id,
    AuditRow.actor,
    AuditRow.verb,
    AuditRow.noun,
    AuditRow.noun_id,
    AuditRow.detail,
    AuditRow.recorded_at,
)
"""Never add to these: what was sealed without a column could not be checked any more."""

Found = ResultRow[*tuple[Any, ...]]


@dataclass(frozen=True)
class _Head:
    seal_id: UUID
    chain: bytes
    sealed_at: datetime | None = None


_BEGINNING: Final = _Head(UUID(int=0), b"")


def seal(tx: Transaction) -> int:
    """Seal what no seal covers yet; how many rows. Whoever seals at the same time waits.

    Raises ``Tampered`` where the last seal is not as it was written.
    """
    head = _hold_head(tx)
    waits = select(*_SEALED).where(AuditRow.seal_id.is_(None)).order_by(AuditRow.id).limit(AT_ONCE)
    if head.sealed_at:
        waits = waits.where(AuditRow.recorded_at >= head.sealed_at - LATE)
    rows = tx.connection.execute(waits).all()
    if not rows:
        return 0
    # Machines' clocks differ, and a seal must come behind the one before it.
    seal_id = max(new_id(), UUID(int=head.seal_id.int + 1))
    chain = _chained(head.chain, seal_id, tx.now, rows)
    mac = tx.vault.index(_PURPOSE, chain.hex())
    tx.add(AuditSeal, id=seal_id, rows=len(rows), mac=mac, sealed_at=tx.now)
    covered = update(AuditRow).where(AuditRow.id.in_([row.id for row in rows]))
    tx.connection.execute(covered.values(seal_id=seal_id))
    pointed = update(Mark).where(Mark.name == _HEAD)
    tx.connection.execute(pointed.values(value=f"{seal_id} {chain.hex()}", recorded_at=tx.now))
    return len(rows)


def _hold_head(tx: Transaction) -> _Head:
    tx.add_once(Mark, name=_HEAD, value="", recorded_at=tx.now)
    value = tx.connection.execute(select(Mark.value).where(Mark.name == _HEAD).with_for_update()).scalar_one()
    last = tx.connection.execute(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
    if not value and last is None:
        return _BEGINNING
    seal_id, _, chain = value.partition(" ")
    if last is None or str(last.id) != seal_id or not _fits(tx, last.mac, chain):
        raise Tampered(_PURPOSE)
    return _Head(last.id, bytes.fromhex(chain), last.sealed_at)


def _fits(reading: Reading, mac: bytes, chain: str) -> bool:
    return mac in reading.vault.indexes(_PURPOSE, chain)


def _chained(before: bytes, seal_id: UUID, sealed_at: datetime, rows: Sequence[Sequence[Any]]) -> bytes:
    content = [str(seal_id), _plain(sealed_at), [[*map(_plain, row)] for row in rows]]
    return hashlib.sha256(before + json.dumps(content).encode()).digest()


def _plain(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else str(value)


@dataclass(frozen=True)
class Checked:
    """What holds: rows under seals, and the last seal. ``wrong`` says what does not.

    Of what was sealed after the first seal that does not hold nothing can be said.
    """

    rows: int
    seals: int
    unsealed: int
    last: UUID | None
    wrong: tuple[str, ...]


def check(reading: Reading, kept: UUID | None = None) -> Checked:
    """Hold every sealed row against its seal. ``kept`` is one that was the last at some time."""
    holding, wrong = [], []
    for link in _links(reading):
        if link.wrong:
            wrong.append(link.wrong)
            break
        holding.append(link)
    last = holding[-1] if holding else None
    if not wrong:
        wrong += _behind(reading, last)
    if kept and kept not in {link.seal_id for link in holding}:
        wrong.append(
            f"The seal {kept} is not there, or does not hold: what it covered was cut off or changed."
        )
    return Checked(
        rows=sum(link.rows for link in holding),
        seals=len(holding),
        unsealed=_count(reading, AuditRow.seal_id.is_(None)),
        last=last.seal_id if last else None,
        wrong=tuple(wrong),
    )


def macs_to_renew(reading: Reading) -> Iterator[tuple[UUID, bytes]]:
    """Seals that hold under an older key, and their hash under the newest."""
    for link in _links(reading):
        if link.wrong:
            return
        newest = reading.vault.index(_PURPOSE, link.chain.hex())
        if link.mac != newest:
            yield link.seal_id, newest


@dataclass(frozen=True)
class _Link:
    """A seal, how many rows are under it, and the hash of all that is sealed up to it."""

    seal_id: UUID
    sealed_at: datetime
    rows: int
    chain: bytes
    mac: bytes
    wrong: str = ""


def _links(reading: Reading) -> Iterator[_Link]:
    """From the first seal on; what comes after one that does not hold means nothing."""
    chain = b""
    for one, rows in _batches(reading):
        chain = _chained(chain, one.id, one.sealed_at, rows)
        wrong = ""
        if len(rows) != one.rows:
            wrong = f"was made over {one.rows} rows, and there are {len(rows)}"
        elif not _fits(reading, one.mac, chain.hex()):
            wrong = "does not hold: a row under it was changed, moved or put in the place of another"
        named = f"The seal {one.id} of {one.sealed_at:%Y-%m-%d %H:%M} UTC {wrong}." if wrong else ""
        yield _Link(one.id, one.sealed_at, len(rows), chain, one.mac, named)


def _batches(reading: Reading) -> Iterator[tuple[Found, list[Sequence[Any]]]]:
    """Each seal in order with the rows under it, in order. Few rows are in memory at one time."""
    seals = reading.connection.execute(select(AuditSeal).order_by(AuditSeal.id)).all()
    sealed = (
        select(AuditRow.seal_id, *_SEALED)
        .where(AuditRow.seal_id.in_(select(AuditSeal.id)))
        .order_by(AuditRow.seal_id, AuditRow.id)
    )
    with reading.connection.execute(sealed, execution_options={"yield_per": AT_ONCE}) as found:
        groups = groupby(found, key=lambda row: row.seal_id)
        seal_id, rows = next(groups, (None, iter(())))
        for one in seals:
            if seal_id == one.id:
                yield one, [row[1:] for row in rows]
                seal_id, rows = next(groups, (None, iter(())))
            else:
                yield one, []


def _behind(reading: Reading, last: _Link | None) -> Iterator[str]:
    """What does not hold besides the chain itself."""
    head = reading.connection.scalar(select(Mark.value).where(Mark.name == _HEAD)) or ""
    if head != (f"{last.seal_id} {last.chain.hex()}" if last else ""):
        yield "The last seal is not the one that was made last: the newest were cut off."
    orphans = _count(reading, AuditRow.seal_id.not_in(select(AuditSeal.id)))
    if orphans:
        yield f"{orphans} rows are under seals that are gone."
    if last:
        old = AuditRow.seal_id.is_(None) & (AuditRow.recorded_at < last.sealed_at - LATE)
        if late := _count(reading, old):
            yield (
                f"{late} rows say that they are older than the last seal, and were not there when it was "
                "made: they were put in, or the clock was set back."
            )


def _count(reading: Reading, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(AuditRow).where(which)
    return reading.connection.execute(counted).scalar_one()
