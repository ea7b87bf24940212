"""The words that a plan file may use."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Strict

from service.domain.people import Role
from service.domain.tasks import TaskKind, Urgency

CLOSED: Final = ConfigDict(extra="forbid")
"""An unknown key is a mistake."""

Days = Annotated[int, Strict()]


class Anchor(StrEnum):
    """The date from which a step counts its days; each kind of subject has its own.

    A visit (or an invitation to an event) has ``visit`` (``event``); once a person recorded it as attended,
    also ``attended``, and ``dispensing`` if something was handed out. A client has ``enrolment``, ``edd`` and
    ``art_start``; an infant ``birth`` and ``weaning``; a sample ``sample``, and once it is back ``result``
    and perhaps ``positive`` or ``inconclusive``.
    """

    VISIT = "visit"
    EVENT = "event"
    ATTENDED = "attended"
    DISPENSING = "dispensing"
    ENROLMENT = "enrolment"
    EDD = "edd"
    ART_START = "art_start"
    BIRTH = "birth"
    WEANING = "weaning"
    SAMPLE = "sample"
    RESULT = "result"
    POSITIVE = "positive"
    INCONCLUSIVE = "inconclusive"


class Whose(StrEnum):
    """Whose date a text speaks of: that of the woman who reads it, or that of her child."""

    SELF = "self"
    CHILD = "child"


class To(StrEnum):
    CLIENT = "client"
    MENTOR = "mentor"


class Says(StrEnum):
    """The day that a text names by its distance from the day of sending; ``none`` for a dated text."""

    NONE = "none"
    TODAY = "today"
    TOMORROW = "tomorrow"
    YESTERDAY = "yesterday"


SAYS_DAYS: Final[dict[Says, int]] = {Says.YESTERDAY: -1, Says.TODAY: 0, Says.TOMORROW: 1}
"""Days from the sending of a text to the day that it names."""


class After(StrEnum):
    """What must have come to pass before the step may go: a person recorded a miss, or nobody answered.

    A silence is that of the step which this one ``follows``.
    """

    NONE = "none"
    RECORDED_MISS = "recorded_miss"
    SILENCE = "silence"


class Unless(StrEnum):
    """What makes the step pointless once it has happened."""

    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    WEANED = "weaned"
    SAMPLED_AGAIN = "sampled_again"
    COMING = "coming"
    RESULT_BACK = "result_back"
    RESULT_GIVEN = "result_given"
    POSITIVE = "positive"
    IN_CARE = "in_care"
    FINAL = "final"
    REFERRAL_DONE = "referral_done"


class Circumstance(StrEnum):
    """What may hold for a client or infant, or what she chose; a step may be ``only`` for those.

    ``coming``: she said that she will come to the event.
    """

    EXPOSED = "exposed"
    HIGH_RISK = "high_risk"
    ON_TREATMENT = "on_treatment"
    WEEKLY_CHECK_IN = "weekly_check_in"
    MONTHLY_CHECK_IN = "monthly_check_in"
    CODED_REMINDER = "coded_reminder"
    COMING = "coming"


class Late(StrEnum):
    """What happens to a step whose hour had passed when its date became known.

    ``send_now`` minds no hour. ``hand_to_person`` makes a task of it, also when an outage outlasts its
    latest moment; the others are skipped then.
    """

    SEND_NOW = "send_now"
    NEXT_ALLOWED_HOUR = "next_allowed_hour"
    SKIP = "skip"
    HAND_TO_PERSON = "hand_to_person"


class LateDate(StrEnum):
    """What happens to a date that lies in the past when it becomes known.

    ``within_window``: the next day still in the window, or nothing. ``earliest_undone``: of the dates of
    this kind in the plan, the first that is not done is asked for at once, however late.
    """

    WITHIN_WINDOW = "within_window"
    EARLIEST_UNDONE = "earliest_undone"


class IfClosed(StrEnum):
    """Where a date goes that falls on a closed day: an age must be reached, a supply must not run out."""

    LATER = "later"
    EARLIER = "earlier"


class PerSite(StrEnum):
    """Whether a site may switch the step, and what holds until it does."""

    ALWAYS = "always"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class WindowDays:
    """The first and last day, from the anchor, on which a visit still counts as this one."""

    __pydantic_config__ = CLOSED

    opens: Days
    closes: Days


@dataclass(frozen=True)
class Offset:
    """A day counted from another date of the same subject."""

    __pydantic_config__ = CLOSED

    anchor: Anchor
    offset_days: Days


@dataclass(frozen=True)
class Asked:
    """What a person is asked to do, whose it is and how soon it must be done."""

    __pydantic_config__ = CLOSED

    task: TaskKind
    owner: Role
    urgency: Urgency
