"""A gateway whose account is refused: nobody but a person can mend that, so one is told at once."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from service.actions.compose import compose_for_staff
from service.actions.fire import usual_link
from service.actions.roster import on_call
from service.actions.route import NEEDS_A_PERSON, Line, matter
from service.actions.tasks import open_about
from service.domain.message import Address, MessageClass
from service.programme import Programme
from service.store import outbox, pace
from service.store.transaction import Transaction

TEXT: Final = "staff_account"
USEFUL_FOR: Final = timedelta(hours=1)
"""After that it is in the list of tasks, where she has seen it, or she has another alert."""


def tell_of_accounts(tx: Transaction, programme: Programme, lines: tuple[Line, ...]) -> int:
    """Text whoever is on call, once for each outage, over a gateway that is well; how many texts that is.

    Where no gateway is well there is the task alone, and what the staff pages say.
    """
    circuits = {line.gateway: pace.circuit(tx, line.gateway) for line in lines}
    resting = {name: circuit.why for name, circuit in circuits.items() if circuit.open_until}
    staff_id = on_call(tx)
    if staff_id is None or len(resting) == len(circuits):
        return 0
    return sum(_tell(tx, programme, staff_id, name) for name, why in resting.items() if why in NEEDS_A_PERSON)


def _tell(tx: Transaction, programme: Programme, staff_id: UUID, gateway: str) -> bool:
    """The task of an outage is a new one each time, so it says what was told already."""
    task_id, link = open_about(tx, matter(gateway)), usual_link(tx, staff_id)
    if task_id is None or link is None or link.phone is None:
        return False
    new = outbox.NewMessage(
        to=Address(staff_id, link.phone_id, link.phone),
        words=compose_for_staff(tx, programme, TEXT, staff_id, "", ""),
        message_class=MessageClass.S,
        not_before=tx.now,
        not_after=tx.now + USEFUL_FOR,
    )
    return outbox.put(tx, new, f"alert:{task_id}") is not None
