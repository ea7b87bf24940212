"""What becomes known of a client's children by phone: that one is born or verified."""

from uuid import UUID

from sqlalchemy import select, update

from service.actions.enrol import NewInfant, enrol_infant
from service.actions.remind import align
from service.actions.tasks import Ending, close_where
from service.domain.people import ClientKind, ClientState
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.care import Task
from service.store.models.people import Client, Infant
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction


def bear(tx: Transaction, programme: Programme, woman: ClientRecord, born: NewInfant) -> UUID:
    """Take in a baby of hers. Whoever was expecting one has given birth."""
    infant_id = enrol_infant(tx, born, woman.language)
    if woman.kind is ClientKind.PREGNANT:
        tx.connection.execute(
            update(Client)
            .where(Client.id == woman.id)
            .values(kind=ClientKind.BREASTFEEDING, delivered_on=born.born_on, delivered_known_at=tx.now)
        )
    align(tx, programme, (woman.id,))
    return infant_id


def mother_of(reading: Reading, infant_id: UUID) -> UUID | None:
    return reading.connection.scalar(select(Infant.mother_id).where(Infant.id == infant_id))


def align_family(tx: Transaction, programme: Programme, infant_id: UUID) -> None:
    """Let the plans go on from what is known of an infant now."""
    mother_id = mother_of(tx, infant_id)
    align(tx, programme, (mother_id,) if mother_id else ())


def verify_baby(tx: Transaction, programme: Programme, infant_id: UUID) -> bool:
    """Let a baby of whom its mother told count as one in care; ``False`` if that is settled already."""
    verified = tx.connection.execute(
        update(Infant)
        .where(Infant.id == infant_id, Infant.state == ClientState.PENDING)
        .values(state=ClientState.ACTIVE)
    ).rowcount
    close_where(tx, (Task.kind == TaskKind.VERIFY) & (Task.subject_id == infant_id), Ending("verified"))
    if verified:
        tx.audit("verify", "infant", infant_id)
        align_family(tx, programme, infant_id)
    return verified == 1
