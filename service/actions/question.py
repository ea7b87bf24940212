"""Which questions a phone was asked, so that a bare digit can be understood."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, or_, select

from service.domain.care import VisitState
from service.domain.message import MessageState
from service.keywords import Said
from service.store.models.care import Visit
from service.store.models.messages import Inbound, LedgerEntry, Message
from service.store.records import ClientRecord
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
    "come_in": Topic.MISSED,
    "event_invite": Topic.VISIT,
    "weekly": Topic.WELL_BEING,
    "coded": Topic.WELL_BEING,
    "fallback": Topic.WELL_BEING,
    "help_info": Topic.WELL_BEING,
    "confirm_number": Topic.NUMBER,
    "still_you": Topic.NUMBER,
}
"""What a digit means when it comes after one of these texts, whether or not they ask for one."""

REACHED = (
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


def open_questions(
    reading: Reading, phone_id: UUID, clients: Iterable[ClientRecord]
) -> tuple[OpenQuestion, ...]:
    """What a digit from this phone may answer: the last text that asked each of its ``clients`` something.

    Who has answered since is out, as long as there is somebody who has not. More than one: nobody can tell.
    """
    there = {woman.id: woman for woman in clients}
    last: dict[UUID, Row[*tuple[object, ...]]] = {}
    for row in reading.connection.execute(_asked(reading, phone_id, tuple(there))):
        last.setdefault(row.person_id, row)
    waiting = [row for row in last.values() if not row.answered]
    return tuple(
        OpenQuestion(_TOPICS[row.text_id], there[row.person_id], _about(reading, row), row.speaks_of)
        for row in waiting or last.values()
    )


def _about(reading: Reading, row: Row[*tuple[object, ...]]) -> UUID | None:
    """The visit that the text was about; for one sent by hand hers of that day, if there is just one."""
    if row.visit_id:
        visit_id: UUID = row.visit_id
        return visit_id
    hers = select(Visit.id).where(
        Visit.client_id == row.person_id, Visit.day == row.speaks_of, Visit.state == VisitState.PLANNED
    )
    visits = reading.connection.scalars(hers).all()
    return visits[0] if len(visits) == 1 else None


def _asked(reading: Reading, phone_id: UUID, clients: tuple[UUID, ...]) -> Select[*tuple[object, ...]]:
    """Every such text to one of them, the last one in front."""
    answered = or_(Visit.confirmed_at >= Message.sent_at, _answered_by_text())
    return (
        select(
            Message.person_id,
            Message.text_id,
            Message.speaks_of,
            Visit.id.label("visit_id"),
            answered.label("answered"),
        )
        .outerjoin(LedgerEntry, LedgerEntry.id == Message.ledger_id)
        .outerjoin(Visit, Visit.id == LedgerEntry.subject_id)
        .where(
            Message.phone_id == phone_id,
            Message.created_at > reading.now - OPEN_FOR,
            Message.text_id.in_(_TOPICS),
            Message.person_id.in_(clients),
            Message.state.in_(REACHED),
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
    )


def _answered_by_text() -> ColumnElement[bool]:
    return (
        select(Inbound.id)
        .where(
            Inbound.person_id == Message.person_id,
            Inbound.meaning.in_((Said.YES, Said.CHANGE)),
            Inbound.recorded_at >= Message.sent_at,
        )
        .exists()
    )
