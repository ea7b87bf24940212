"""An inbound text, from the webhook to everything that follows from it."""

from typing import Final
from uuid import UUID

from service import keywords
from service.actions import consent, numbers
from service.actions.caller import who_calls
from service.actions.heed import heed
from service.actions.tasks import NewTask, open_task
from service.domain.ids import new_id
from service.domain.tasks import TaskKind
from service.keywords import Due, Said, Unrecognised
from service.ports import OptOutReceived, TextReceived
from service.programme import Programme
from service.store.models.messages import Inbound
from service.store.transaction import Transaction


def hear(tx: Transaction, programme: Programme, gateway: str, received: TextReceived) -> None:
    """Take in one text, once: store it, see what it means, act on it and answer.

    1. Store it under the provider's id; a repetition ends here.
    2. Take the sign of life from the phone.
    3. Do what the text asks; what nobody can read by rule goes to a person.
    """
    meaning = keywords.meaning(received.text)
    inbound_id = _store(tx, gateway, received, meaning)
    if inbound_id is None:
        return
    if received.phone is None:
        _open_task_to_read(tx, received, meaning, inbound_id)
        return
    numbers.heard(tx, numbers.note(tx, received.phone))
    caller = who_calls(tx, received.phone, "sms", inbound_id)
    heed(tx, programme, caller, meaning, _order(meaning) or received.text)


def leave_to_a_person(tx: Transaction, gateway: str, received: TextReceived) -> None:
    """Store a text over which the service stumbles, and nothing else: somebody must read it."""
    meaning = keywords.meaning(received.text)
    inbound_id = _store(tx, gateway, received, meaning)
    if inbound_id:
        _open_task_to_read(tx, received, meaning, inbound_id)


def _open_task_to_read(
    tx: Transaction, received: TextReceived, meaning: keywords.Meaning, inbound_id: UUID
) -> None:
    kind = _KINDS.get(meaning, TaskKind.READ_MESSAGE)
    note = f"{received.sender}: {_order(meaning) or received.text}"
    open_task(tx, NewTask(kind, note=note, about=str(inbound_id)))


_KINDS: Final[dict[keywords.Meaning, TaskKind]] = {
    Said.DANGER: TaskKind.DANGER,
    Said.CALL_ME: TaskKind.CALL_ME,  # a network asks for whoever has no airtime
}


def _store(tx: Transaction, gateway: str, received: TextReceived, meaning: keywords.Meaning) -> UUID | None:
    """The text as a row; ``None`` if this provider's id has one already."""
    inbound_id = new_id()
    new = tx.add_once(
        Inbound,
        id=inbound_id,
        gateway=gateway,
        kind="sms",
        external_id=received.external_id,
        phone_id=numbers.note(tx, received.phone) if received.phone else None,
        sender=tx.vault.seal(Inbound.sender, inbound_id, received.sender),
        # An order may carry a PIN, and says nothing that its effect does not.
        body=None if _order(meaning) else tx.vault.seal(Inbound.body, inbound_id, received.text),
        meaning=_name(meaning),
        occurred_at=received.occurred_at,
        recorded_at=tx.now,
    )
    return inbound_id if new else None


def _name(meaning: keywords.Meaning) -> str:
    return meaning.value if isinstance(meaning, Said) else type(meaning).__name__.lower()


def _order(meaning: keywords.Meaning) -> str | None:
    """An order as a person may read it, without the PIN that it may hold; ``None`` for anything else."""
    match meaning:
        case Said() | Unrecognised():
            return None
        case Due():
            return _name(meaning)
        case _:
            return f"{_name(meaning)} {meaning.code}"


def opt_out(tx: Transaction, gateway: str, received: OptOutReceived) -> None:
    """Mirror an opt-out that the provider took: it would refuse our texts from now on anyway."""
    if received.phone is None:
        return
    phone_id = numbers.note(tx, received.phone)
    consent.stop_texts(tx, phone_id)
    tx.add_once(
        Inbound,
        gateway=gateway,
        kind="opt-out",
        external_id=f"{phone_id}:{(received.occurred_at or tx.now).date()}",
        phone_id=phone_id,
        meaning=Said.STOP.value,
        occurred_at=received.occurred_at,
        recorded_at=tx.now,
    )
