"""Which question a phone was asked last, so that a bare digit can be understood."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.domain.message import MessageState
from service.store.models.care import Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.records import ClientRecord, client
from service.store.transaction import Reading

OPEN_FOR: Final = timedelta(days=14)
"""How long after a text a digit is taken for its answer."""


class Topic(StrEnum):
    VISIT = "visit"
    MISSED = "missed"
    WELL_BEING = "well_being"
    NUMBER = "number"


_TOPICS: Final[dict[str, Topic]] = {
    "visit_d7": Topic.VISIT,
    "visit_d1": Topic.VISIT,
    "visit_d1_t1": Topic.VISIT,
    "collect_d3": Topic.VISIT,
    "child_d7": Topic.VISIT,
    "child_d1": Topic.VISIT,
    "child_d1_t1": Topic.VISIT,
    "anc_d7_t1": Topic.VISIT,
    "pnc_t1": Topic.VISIT,
    "vacc_t1": Topic.VISIT,
    "missed_d1": Topic.MISSED,
    "missed_d7": Topic.MISSED,
    "child_missed": Topic.MISSED,
    "weekly": Topic.WELL_BEING,
    "confirm_number": Topic.NUMBER,
    "still_you": Topic.NUMBER,
}
"""What the texts ask that can be answered with a digit."""

_REACHED = (
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.ACCEPTED,
    MessageState.SENT,
    MessageState.BUFFERED,
    MessageState.DELIVERED,
    MessageState.UNDELIVERED,
)
"""She may have read it; a text reported as undelivered sometimes was read all the same."""


@dataclass(frozen=True)
class OpenQuestion:
    """What was asked, of whom, and about which visit and local day."""

    topic: Topic
    client: ClientRecord
    visit_id: UUID | None
    day: date | None


def open_question(reading: Reading, phone_id: UUID) -> OpenQuestion | None:
    """The last question that went to a phone and is young enough to be what a digit answers."""
    row = reading.connection.execute(
        select(Message.text_id, Message.person_id, Message.speaks_of, Visit.id)
        .outerjoin(LedgerEntry, LedgerEntry.id == Message.ledger_id)
        .outerjoin(Visit, Visit.id == LedgerEntry.subject_id)
        .where(
            Message.phone_id == phone_id,
            Message.created_at > reading.now - OPEN_FOR,
            Message.text_id.in_(_TOPICS),
            Message.person_id.is_not(None),
            Message.state.in_(_REACHED),
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.person_id is None:
        return None
    return OpenQuestion(_TOPICS[row.text_id], client(reading, row.person_id), row.id, row.speaks_of)
