"""What is left in our account at a provider, and a person who is asked to top it up in time."""

from service.actions.route import WELL_AGAIN
from service.actions.tasks import NewTask, close_where, open_task
from service.domain.message import Money
from service.domain.tasks import TaskKind
from service.reports.credit import credit_at
from service.store import pace
from service.store.models.care import Task
from service.store.transaction import Transaction


def note_credit(tx: Transaction, gateway: str, left: Money) -> None:
    """Keep what the provider told. Once it gets low somebody is asked to top it up, until it is enough."""
    before = credit_at(tx, gateway)
    pace.note_credit(tx, gateway, left)
    now, matter = credit_at(tx, gateway), _matter(gateway, left)
    if now is None or not now.is_low:
        close_where(tx, Task.open_key == matter.open_key, WELL_AGAIN)
    elif before is None or not before.is_low:
        open_task(tx, matter)


def _matter(gateway: str, left: Money) -> NewTask:
    note = f"{gateway}: {left.amount:f} {left.currency}"
    return NewTask(TaskKind.CREDIT, about=gateway, note=note)
