"""The Mentor Mothers of the demonstration, and who is on call."""

from uuid import UUID

from service.actions.staff import FirstSecrets, NewStaff, add_staff, find_staff
from service.domain.people import Role
from service.seeding.cast import ON_CALL, ON_CALL_ENDING, Place, phone
from service.store.transaction import Transaction


def add_mentor(tx: Transaction, place: Place, site_id: UUID) -> UUID:
    new = NewStaff(place.mentor, phone(place.ending), "en", frozenset({Role.MENTOR}), (site_id,))
    return _added(tx, new)


def add_on_call(tx: Transaction) -> UUID:
    """A coordinator of all sites."""
    roles = frozenset({Role.COORDINATOR})
    return _added(tx, NewStaff(ON_CALL, phone(ON_CALL_ENDING), "en", roles, on_call=True))


def _added(tx: Transaction, new: NewStaff) -> UUID:
    added, staff_id = add_staff(tx, new), find_staff(tx, new.name)
    if not isinstance(added, FirstSecrets) or staff_id is None:
        raise RuntimeError(f"The database was seeded before: {added}")
    return staff_id
