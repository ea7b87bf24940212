"""What a plan file can say: a plan is a list of steps, each a text or task some days from an anchor.

Nothing here knows how a file looks (``reading``) or when a step falls due (``due``).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Strict

from service.domain.care import VisitKind
from service.domain.message import MessageClass
from service.domain.people import Wording

_CLOSED: Final = ConfigDict(extra="forbid")
Days = Annotated[int, Strict()]
Clock = Annotated[time, Strict()]


class Anchor(StrEnum):
    """The date from which a step counts its days."""

    VISIT = "visit"


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
    """What a person must have recorded before the step may go."""

    NONE = "none"
    RECORDED_MISS = "recorded_miss"


class Unless(StrEnum):
    """What makes the step pointless once it has happened."""

    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Late(StrEnum):
    """What happens to a step whose hour had passed when its date became known.

    ``send_now`` minds no hour. ``hand_to_person`` makes a task of it, also when an outage outlasts its
    latest moment; the others are skipped then.
    """

    SEND_NOW = "send_now"
    NEXT_ALLOWED_HOUR = "next_allowed_hour"
    SKIP = "skip"
    HAND_TO_PERSON = "hand_to_person"


class PerSite(StrEnum):
    """Whether a site may switch the step, and what holds until it does."""

    ALWAYS = "always"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Latest:
    """The last useful moment: ``days`` from the anchor (negative before it), ``at`` local clock time."""

    __pydantic_config__ = _CLOSED

    days: Days
    at: Clock


@dataclass(frozen=True)
class StepText:
    """One text that a step may use.

    ``tier`` is the wording that she must have chosen at least. ``kinds`` are the visits that the text is for,
    all if empty.
    """

    __pydantic_config__ = _CLOSED

    key: str
    tier: Wording
    whose: Whose
    kinds: frozenset[VisitKind] = frozenset()


@dataclass(frozen=True)
class Step:
    """One reminder of a plan, in the words of the plan file.

    ``offset_days`` and ``at`` (local) place it from its anchor. ``min_interval_days`` keeps it for dates that
    come at least so long after the one before. ``escalation`` names the ladder that a silence climbs.
    ``source`` says where the numbers come from.
    """

    __pydantic_config__ = _CLOSED

    id: str
    anchor: Anchor
    offset_days: Days
    at: Clock
    message_class: MessageClass
    texts: tuple[StepText, ...]
    late: Late
    latest: Latest
    source: str
    after: After = After.NONE
    unless: frozenset[Unless] = frozenset()
    min_interval_days: Days | None = None
    to: To = To.CLIENT
    escalation: str | None = None
    per_site: PerSite = PerSite.ALWAYS


@dataclass(frozen=True)
class Plan:
    """``name`` is that of its file, without the ending."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class KnownText:
    """What a plan must know of a text: the ``tier`` that it needs, and the day that it ``says``.

    ``instead`` is the text that goes when the day that it says would be untrue.
    """

    key: str
    tier: Wording
    says: Says = Says.NONE
    instead: str = ""


KnownTexts = Mapping[str, KnownText]
"""Every text that a phone may be sent, by its key."""


@dataclass(frozen=True)
class ChosenText:
    """The text to send. ``true_on`` is the one local day on which its words are true, if they name one."""

    key: str
    true_on: date | None


_OPENNESS: Final[dict[Wording, int]] = {Wording.T0: 0, Wording.T1: 1}


def at_most(tier: Wording, wording: Wording) -> bool:
    """Whether a text of ``tier`` tells no more than ``wording`` allows (``none`` allows nothing)."""
    return tier in _OPENNESS and wording in _OPENNESS and _OPENNESS[tier] <= _OPENNESS[wording]


def text_for(step: Step, whose: Whose, wording: Wording, kind: VisitKind | None) -> StepText | None:
    """The most telling text that she agreed to, one made for this kind of visit before a general one."""
    fitting = (
        text
        for text in step.texts
        if text.whose is whose and at_most(text.tier, wording) and (not text.kinds or kind in text.kinds)
    )
    return max(fitting, key=lambda text: (_OPENNESS[text.tier], bool(text.kinds)), default=None)


def text_on(today: date, text: KnownText, about: date) -> ChosenText | None:
    """The words that are true when sent ``today``, of a date ``about`` (both local); ``None`` if none are."""
    if text.says is Says.NONE:
        return ChosenText(text.key, None)
    true_on = about - timedelta(days=SAYS_DAYS[text.says])
    if today == true_on:
        return ChosenText(text.key, true_on)
    return ChosenText(text.instead, None) if text.instead else None


def timing_version(plan: Plan) -> str:
    """A mark that changes when, and only when, rows planned under the old file must be planned anew.

    Texts, sources and the order of the steps leave it alone.
    """
    timing = sorted(_timing(step) for step in plan.steps)
    return hashlib.sha256("\n".join(timing).encode()).hexdigest()[:16]


def _timing(step: Step) -> str:
    parts = (
        step.id,
        step.anchor,
        step.offset_days,
        step.at.isoformat(),
        step.after,
        ",".join(sorted(step.unless)),
        step.min_interval_days,
        step.late,
        step.latest.days,
        step.latest.at.isoformat(),
        step.per_site,
    )
    return " ".join(map(str, parts))
