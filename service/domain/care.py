"""Visits and attendance."""

from enum import StrEnum


class VisitKind(StrEnum):
    ANC = "anc"
    PNC = "pnc"
    REFILL = "refill"
    LAB = "lab"
    INFANT_TEST = "infant_test"
    VACCINE = "vaccine"
    FAMILY_PLANNING = "family_planning"
    PREP = "prep"
    CERVICAL = "cervical"
    MENTAL_HEALTH = "mental_health"
    OUTREACH = "outreach"
    GROUP = "group"
    OTHER = "other"


class VisitState(StrEnum):
    """``planned`` until a person records what happened; a day that passes unrecorded is ``not_known``."""

    PLANNED = "planned"
    ATTENDED = "attended"
    MISSED = "missed"
    NOT_KNOWN = "not_known"
    CANCELLED = "cancelled"


class VisitFact(StrEnum):
    """What happened to a visit, kept for ever in the order in which it was recorded."""

    PLANNED = "planned"
    MOVED = "moved"
    CONFIRMED = "confirmed"
    CHANGE_ASKED = "change_asked"
    SAYS_ATTENDED = "says_attended"
    ATTENDED = "attended"
    MISSED = "missed"
    NOT_KNOWN = "not_known"
    CANCELLED = "cancelled"
    REOPENED = "reopened"


class ContactMode(StrEnum):
    """How a completed two-way contact took place (a one-way text is no contact)."""

    SMS = "sms"
    USSD = "ussd"
    CALL = "call"
    WHATSAPP = "whatsapp"
    HOME_VISIT = "home_visit"
    FACILITY_VISIT = "facility_visit"
