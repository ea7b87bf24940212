"""Which days were given, by people or by plans: read from the history of the visits like a diary."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from service.domain.care import VisitFact, VisitState
from service.store.models.care import Visit, VisitEvent
from service.store.transaction import Reading
from tests.year.book import Book, KeptVisit

GIVEN: Final = (VisitFact.PLANNED, VisitFact.MOVED, VisitFact.REOPENED)


def newly_dated(reading: Reading, book: Book) -> Iterator[KeptVisit]:
    """Bring the book up to date; the visits of its women that have another day than before."""
    for entry in _new_entries(reading, book):
        book.read_to = entry.id
        if entry.client_id not in book.women:
            continue
        kept = book.visits.get(entry.visit_id) or book.add(
            KeptVisit(entry.visit_id, book.women[entry.client_id], entry.subject_id, entry.kind)
        )
        if entry.fact is VisitFact.CANCELLED:
            kept.outcomes.append((entry.recorded_at, VisitState.CANCELLED))
        else:
            kept.give(entry.recorded_at, entry.day)
            yield kept


def _new_entries(reading: Reading, book: Book) -> Sequence[Row[*tuple[Any, ...]]]:
    return reading.connection.execute(_ENTRIES, {"read_to": book.read_to}).all()


_ENTRIES: Final = (
    select(
        VisitEvent.id,
        VisitEvent.visit_id,
        VisitEvent.fact,
        VisitEvent.day,
        VisitEvent.recorded_at,
        Visit.client_id,
        Visit.subject_id,
        Visit.kind,
    )
    .join(Visit, Visit.id == VisitEvent.visit_id)
    .where(
        VisitEvent.id > bindparam("read_to"),
        VisitEvent.fact.in_((*GIVEN, VisitFact.CANCELLED)),
        Visit.event_id.is_(None),
    )
    .order_by(VisitEvent.id)
)
