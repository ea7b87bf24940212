"""Which files were taken in, and what became of that."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from service.store.models.people import Import
from service.store.transaction import Reading


@dataclass(frozen=True)
class ImportRow:
    """``rows`` is how many were to be taken, ``at`` when that began (UTC)."""

    id: UUID
    kind: str
    rows: int
    at: datetime
    is_finished: bool
    is_undone: bool

    @property
    def state(self) -> str:
        if self.is_undone:
            return "undone"
        return "taken" if self.is_finished else "broken off: import it again, or undo it"


def imports(reading: Reading) -> tuple[ImportRow, ...]:
    """The newest first."""
    found = reading.connection.execute(
        select(Import.__table__).order_by(Import.recorded_at.desc(), Import.id.desc())
    )
    return tuple(
        ImportRow(row.id, row.kind, row.rows, row.recorded_at, bool(row.finished_at), bool(row.undone_at))
        for row in found
    )
