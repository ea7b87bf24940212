"""Tries to prove something: each is counted as failed before it is looked at, so that no two can race.

The requests of a system that has proved who it is are counted in the same way.
"""

from collections.abc import Callable
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update

from service.domain.throttle import (
    ACCOUNT,
    ADDRESS,
    NOTHING,
    WINDOW,
    Record,
    after_failure,
    after_request,
    wait,
)
from service.store.database import database_now, database_seconds
from service.store.models.access import Tries
from service.store.transaction import Transaction

_PURPOSE: Final = "tries"


def count_account(tx: Transaction, whose: str) -> float:
    """Count a try to prove who one is; 0, or the seconds before which it is neither counted nor looked at."""
    return _count(tx, _name(tx, "account", whose), partial(after_failure, limits=ACCOUNT))


def count_address(tx: Transaction, address: str) -> float:
    """The same for where it comes from: an IPv6 subscriber has a whole network of addresses."""
    return _count(tx, _name(tx, "address", _network(address)), partial(after_failure, limits=ADDRESS))


def count_request(tx: Transaction, token_id: UUID) -> float:
    """The same for whoever shows a good token, however it is used."""
    return _count(tx, _name(tx, "token", str(token_id)), after_request)


def forgive_account(tx: Transaction, whose: str) -> None:
    """Forget all failures: it was proved, or a colleague vouches."""
    tx.connection.execute(delete(Tries).where(Tries.name == _name(tx, "account", whose)))


def forgive_address(tx: Transaction, address: str) -> None:
    """Take back one failure: whoever proved one thing may still be guessing at others."""
    tx.connection.execute(
        update(Tries)
        .where(Tries.name == _name(tx, "address", _network(address)), Tries.failures > 0)
        .values(failures=Tries.failures - 1, locked_until=None)
    )


def forget_old(tx: Transaction) -> int:
    """Drop what can no longer make anybody wait; how many."""
    before = database_now(tx.connection) - 2 * WINDOW
    return tx.connection.execute(delete(Tries).where(Tries.since < before)).rowcount


def _count(tx: Transaction, name: str, after: Callable[[Record, float], Record]) -> float:
    record, now = _known(tx, name)
    seconds = wait(record, now)
    if seconds == 0:
        counted = after(record, now)
        tx.connection.execute(
            update(Tries)
            .where(Tries.name == name)
            .values(failures=counted.failures, since=counted.since, locked_until=counted.locked_until)
        )
    return seconds


def _known(tx: Transaction, name: str) -> tuple[Record, float]:
    """The record, which nobody else counts in until the commit, and the time on the database's clock."""
    kept = (Tries.failures, Tries.since, Tries.locked_until, database_seconds().label("now"))
    held = select(*kept).where(Tries.name == name).with_for_update()
    row = tx.connection.execute(held).one_or_none()
    if row is None:
        tx.add_once(Tries, name=name, failures=NOTHING.failures, since=NOTHING.since)
        row = tx.connection.execute(held).one()
    return Record(row.failures, row.since, row.locked_until), float(row.now)


def _name(tx: Transaction, what: str, whose: str) -> str:
    """Names that people type do not belong into a table, nor do addresses."""
    return tx.vault.mac(_PURPOSE, f"{what}|{whose}").hex()


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address
