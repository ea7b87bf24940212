"""What people are called: written down in one place, which refuses whatever no text may say."""

from uuid import UUID

from sqlalchemy import select, update

from service.actions.compose import site_names
from service.actions.rewording import word_anew
from service.programme import Programme
from service.store.models.people import Infant, Person
from service.store.transaction import Transaction
from service.wording import NameFault, shipped_gate


class NameRefused(Exception):
    """A name that would make a text reveal something, at an entry that did not ask the gate beforehand."""

    def __init__(self, fault: NameFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def sealed_name(tx: Transaction, person_id: UUID, name: str) -> bytes:
    """The name as a person's row keeps it. Raises ``NameRefused``.

    Every entry asks the installation's own gate first, which may refuse more and says so to whoever types. Of
    other alphabets that gate alone can judge: it has read the texts.
    """
    fault = shipped_gate().name_fault(name, site_names(tx))
    if fault and fault is not NameFault.STRANGE:
        raise NameRefused(fault)
    return tx.vault.seal(Person.name, person_id, name)


def call(tx: Transaction, programme: Programme, person_id: UUID, name: str) -> None:
    """Let a client or an infant be called something else from now on, in texts that wait to leave too.

    Raises ``NameRefused``.
    """
    sealed = sealed_name(tx, person_id, name)
    tx.connection.execute(update(Person).where(Person.id == person_id).values(name=sealed))
    mother_id = tx.connection.scalar(select(Infant.mother_id).where(Infant.id == person_id))
    word_anew(tx, programme, mother_id or person_id)
