"""What people record about visits, and what went out because of it."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from service.actions import visits
from service.domain.care import VisitState
from service.domain.people import OPERATOR
from service.store.models.messages import Message
from tests.worker.village import MONDAY, Village

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + DAY * number for number in range(1, 5))
IN_TWO_WEEKS = WEDNESDAY + 14 * DAY
DAUGHTER = "Lerato"


def move(village: Village, visit: UUID, day: date) -> bool:
    return village.store.write(
        lambda tx: visits.move_visit(tx, village.parts.programme, visit, day), OPERATOR
    )


def record(village: Village, visit: UUID, outcome: VisitState) -> None:
    village.store.write(
        lambda tx: visits.record_attendance(tx, village.parts.programme, visit, outcome), OPERATOR
    )


def days_named(village: Village) -> list[str]:
    """The dates in the texts that went out, in order."""
    rows = village.store.read(
        lambda reading: reading.connection.execute(
            select(Message.speaks_of).where(Message.sent_at.is_not(None)).order_by(Message.sent_at)
        ).all()
    )
    return [f"{row.speaks_of:%d %b}" for row in rows]
