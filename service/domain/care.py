"""Visits and attendance."""

from enum import StrEnum
from typing import Final


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
    """``planned`` until a person records what happened; a day that passes unrecorded is ``not_known``.

    To an event she is ``invited``, and expected only once she has said that she will come.
    """

    INVITED = "invited"
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
    INVITED = "invited"
    DECLINED = "declined"


class EventState(StrEnum):
    """An outreach day or group session is ``held`` once somebody recorded who came."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


EVENTS: Final = (VisitKind.OUTREACH, VisitKind.GROUP)
"""What an event may be."""


class Done(StrEnum):
    """What was done at an attended visit, where it decides what comes next and when."""

    DMPA_IM = "dmpa_im"
    DMPA_SC = "dmpa_sc"
    NET_EN = "net_en"
    PREP_STARTED = "prep_started"
    PREP_CONTINUED = "prep_continued"
    CERVICAL_SCREENED = "cervical_screened"
    ABLATION = "ablation"
    LEEP_REFERRAL = "leep_referral"
    TPT_6H_STARTED = "tpt_6h_started"
    TPT_3HP_STARTED = "tpt_3hp_started"
    VIRAL_LOAD_LOW = "viral_load_low"
    VIRAL_LOAD_RAISED = "viral_load_raised"
    VIRAL_LOAD_HIGH = "viral_load_high"
    MOOD_ASKED = "mood_asked"
    MOOD_LOW = "mood_low"


class ContactMode(StrEnum):
    """How a completed two-way contact took place (a one-way text is no contact)."""

    SMS = "sms"
    USSD = "ussd"
    CALL = "call"
    WHATSAPP = "whatsapp"
    HOME_VISIT = "home_visit"
    FACILITY_VISIT = "facility_visit"
