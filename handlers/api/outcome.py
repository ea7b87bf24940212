"""How the FHIR door says no: the same problem as an ``OperationOutcome`` of R4B, whoever refuses."""

from collections.abc import Mapping
from typing import Any, Final

from handlers.api.problem import Fault, Problem

MEDIA_TYPE: Final = "application/fhir+json"
_DOOR: Final = "/api/v1/fhir/"

CODES: Final[Mapping[int, str]] = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "business-rule",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    429: "throttled",
    500: "exception",
    501: "not-supported",
    503: "transient",
}
"""FHIR's word (``issue-type``) for each status with which a request is refused."""


def is_awaited(path: str) -> bool:
    """Whether whoever asked at this address speaks FHIR."""
    return path.startswith(_DOOR)


def as_outcome(problem: Problem) -> dict[str, Any]:
    """One issue for the whole, and one for each fault."""
    said = problem.detail or problem.title
    issues = [_issue(problem, said), *(_issue(problem, one.detail, **_where(one)) for one in problem.errors)]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(problem: Problem, text: str, **where: list[str]) -> dict[str, Any]:
    return {
        "severity": "error",
        "code": CODES.get(problem.status, "processing"),
        "details": {"text": text},
        **where,
    }


def _where(fault: Fault) -> dict[str, list[str]]:
    """An element by its path; what is no element but a header or part of the address as FHIR calls those."""
    if fault.name.startswith(("Appointment", "CommunicationRequest")):
        return {"expression": [fault.name]}
    return {"location": [f"http.{fault.name}"]}
