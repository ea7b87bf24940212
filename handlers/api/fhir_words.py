"""What FHIR (R4B) and Bahmni call what we have words for, and our rows as FHIR's resources."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.domain.care import VisitState
from service.domain.message import MessageState
from service.reports.listed_care import ListedVisit
from service.reports.listed_work import ListedMessage

CODES: Final = "urn:khopotso:client"
"""The system of the identifiers by which clients are named."""

KINDS: Final = "urn:khopotso:visit-kind"

COMMUNICATION: Final[Mapping[MessageState, str]] = {
    MessageState.QUEUED: "preparation",
    MessageState.CLAIMED: "preparation",
    MessageState.HELD: "on-hold",
    MessageState.SENDING: "in-progress",
    MessageState.ACCEPTED: "in-progress",
    MessageState.SENT: "in-progress",
    MessageState.BUFFERED: "in-progress",
    MessageState.DELIVERED: "completed",
    MessageState.UNDELIVERED: "not-done",
    MessageState.EXPIRED: "not-done",
    MessageState.FAILED: "not-done",
    MessageState.CANCELLED: "stopped",
    MessageState.UNKNOWN: "unknown",
}

BAHMNI: Final[Mapping[str, str]] = {
    "requested": "proposed",
    "scheduled": "booked",
    "checkedin": "checked-in",
    "completed": "fulfilled",
    "missed": "noshow",
    "cancelled": "cancelled",
}
"""What Bahmni's appointments call the states for which FHIR has words."""

PLANNED: Final = "booked"
OUTCOMES: Final[Mapping[str, VisitState]] = {
    "arrived": VisitState.ATTENDED,
    "checked-in": VisitState.ATTENDED,
    "fulfilled": VisitState.ATTENDED,
    "noshow": VisitState.MISSED,
}
OVER: Final = frozenset({"cancelled", "entered-in-error"})

APPOINTMENT: Final[Mapping[VisitState, str]] = {
    VisitState.PLANNED: PLANNED,
    VisitState.INVITED: "pending",
    VisitState.NOT_KNOWN: PLANNED,
    VisitState.ATTENDED: "fulfilled",
    VisitState.MISSED: "noshow",
    VisitState.CANCELLED: "cancelled",
}


_NO_HOUR: Final = time(9)
"""Where a visit has no hour of its own, for an appointment must have one."""


def as_communication(row: ListedMessage) -> dict[str, Any]:
    """What became of a text; never what it said."""
    why = {"statusReason": {"text": row.reason}} if row.reason else {}
    sent = {"sent": row.sent_at.isoformat()} if row.sent_at else {}
    return {
        "resourceType": "Communication",
        "id": str(row.id),
        "basedOn": [{"reference": f"CommunicationRequest/{row.id}"}],
        "status": COMMUNICATION[row.state],
        "subject": _client(row.client),
        **why,
        **sent,
    }


def as_appointment(row: ListedVisit, zone: ZoneInfo) -> dict[str, Any]:
    start = datetime.combine(row.day, row.at or _NO_HOUR, zone).astimezone(UTC)
    return {
        "resourceType": "Appointment",
        "id": str(row.id),
        "status": APPOINTMENT[row.state],
        "serviceType": [{"coding": [{"system": KINDS, "code": row.kind}]}],
        "start": start.isoformat(),
        "participant": [{"actor": _client(row.client), "status": "accepted"}],
    }


def _client(code: str) -> dict[str, Any]:
    return {"identifier": {"system": CODES, "value": code}}
