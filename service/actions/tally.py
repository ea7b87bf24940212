"""Numbers kept in the transaction that changes them."""

from datetime import date

from sqlalchemy import update

from service.store.models.operations import Counter
from service.store.transaction import Transaction


def add_to(tx: Transaction, name: str, day: date, count: int = 1) -> None:
    """Add to a day's counter, which begins at nothing."""
    grown = update(Counter).where(Counter.name == name, Counter.day == day)
    if tx.connection.execute(grown.values(count=Counter.count + count)).rowcount:
        return
    if not tx.add_once(Counter, name=name, day=day, count=count):
        tx.connection.execute(grown.values(count=Counter.count + count))
