"""Tries to prove something: each is counted as failed before it is looked at, so that no two can race."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import delete, select, update

from service.domain.throttle import ACCOUNT, ADDRESS, NOTHING, WINDOW, Limits, Record, after_failure, wait
from service.store.database import database_now
from service.store.models.access import Tries
from service.store.transaction import Transaction

_PURPOSE: Final = "tries"


def count_account(tx: Transaction, whose: str) -> float:
    """Count a try to prove who one is; 0, or the seconds before which it is neither counted nor looked at."""
    return _count(tx, _name(tx, "account", whose), ACCOUNT)


def count_address(tx: Transaction, address: str) -> float:
    """The same for where it comes from: an IPv6 subscriber has a whole network of addresses."""
    return _count(tx, _name(tx, "address", _network(address)), ADDRESS)


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


def _count(tx: Transaction, name: str, limits: Limits) -> float:
    tx.add_once(Tries, name=name, failures=NOTHING.failures, since=NOTHING.since)
    row = tx.connection.execute(
        select(Tries.failures, Tries.since, Tries.locked_until).where(Tries.name == name).with_for_update()
    ).one()
    record, now = Record(row.failures, row.since, row.locked_until), database_now(tx.connection)
    seconds = wait(record, now)
    if seconds == 0:
        after = after_failure(record, limits, now)
        tx.connection.execute(
            update(Tries)
            .where(Tries.name == name)
            .values(failures=after.failures, since=after.since, locked_until=after.locked_until)
        )
    return seconds


def _name(tx: Transaction, what: str, whose: str) -> str:
    """Names that people type do not belong into a table, nor do addresses."""
    return tx.vault.mac(_PURPOSE, f"{what}|{whose}").hex()


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address
