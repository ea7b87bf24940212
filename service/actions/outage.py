"""A gateway whose account is refused: nobody but a person can mend that, so one is told at once.

A provider that does not answer is nobody's to mend: it is in the list of tasks, and no text goes out for it.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from service.actions.compose import compose_for_staff
from service.actions.fire import usual_link
from service.actions.route import NEEDS_A_PERSON, Line, matter
from service.domain.message import Address, MessageClass
from service.programme import Programme
from service.store import outbox, pace
from service.store.models.care import Task
from service.store.transaction import Transaction

TEXT: Final = "staff_account"
USEFUL_FOR: Final = timedelta(hours=1)
"""After that it is in the list of tasks, where she has seen it, or she has another alert."""


def tell_of_accounts(tx: Transaction, programme: Programme, lines: tuple[Line, ...]) -> int:
    """Text whoever has the task of an outage, once each, over a gateway that is well; how many texts that is.

    It is first with whoever is on call, and each to whom it climbs hears of it. Where no gateway is well
    there is the task alone, and what the staff pages say.
    """
    circuits = {line.gateway: pace.circuit(tx, line.gateway) for line in lines}
    resting = {name: circuit.why for name, circuit in circuits.items() if circuit.open_until}
    if len(resting) == len(circuits):
        return 0
    return sum(_tell(tx, programme, name) for name, why in resting.items() if why in NEEDS_A_PERSON)


def _tell(tx: Transaction, programme: Programme, gateway: str) -> bool:
    """The task of an outage is a new one each time, so it says who was told already."""
    task = tx.connection.execute(
        select(Task.id, Task.owner_id).where(Task.open_key == matter(gateway).open_key)
    ).one_or_none()
    if task is None or task.owner_id is None:
        return False
    link = usual_link(tx, task.owner_id)
    if link is None or link.phone is None:
        return False
    new = outbox.NewMessage(
        to=Address(task.owner_id, link.phone_id, link.phone),
        words=compose_for_staff(tx, programme, TEXT, task.owner_id, "", ""),
        message_class=MessageClass.S,
        not_before=tx.now,
        not_after=tx.now + USEFUL_FOR,
    )
    return outbox.put(tx, new, f"alert:{task.id}:{task.owner_id}") is not None
