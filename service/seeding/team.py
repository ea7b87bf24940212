"""The Mentor Mothers of the demonstration, and who is on call."""

from uuid import UUID

from service.actions import numbers
from service.domain.ids import new_id
from service.domain.people import PersonKind, PhoneOwner, Role
from service.seeding.cast import ON_CALL, ON_CALL_ENDING, Place, phone
from service.store.models.people import Person, Staff, StaffRole
from service.store.transaction import Transaction


def add_mentor(tx: Transaction, place: Place, site_id: UUID) -> UUID:
    return _add(tx, place.mentor, place.ending, Role.MENTOR, site_id, on_call=False)


def add_on_call(tx: Transaction, site_id: UUID) -> UUID:
    return _add(tx, ON_CALL, ON_CALL_ENDING, Role.COORDINATOR, site_id, on_call=True)


def _add(tx: Transaction, name: str, ending: int, role: Role, site_id: UUID, *, on_call: bool) -> UUID:
    staff_id = new_id()
    tx.add(
        Person,
        id=staff_id,
        kind=PersonKind.STAFF,
        name=tx.vault.seal(Person.name, staff_id, name),
        language="en",
        created_at=tx.now,
        actor=str(tx.actor),
    )
    tx.add(Staff, id=staff_id, name_index=tx.vault.index("staff", name), on_call=on_call)
    tx.add(StaffRole, staff_id=staff_id, role=role, site_id=site_id)
    numbers.link(tx, staff_id, numbers.note(tx, phone(ending)), PhoneOwner.OWN, "staff")
    return staff_id
