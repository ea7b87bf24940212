"""What a plan file can say: steps, each a text, a task or a date that counts from an anchor.

Nothing here knows how a file looks (``reading``) or when a step falls due (``due``, ``tasks``, ``dates``).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from typing import Annotated, Final

from pydantic import Strict

from service.domain.care import Done, VisitKind
from service.domain.ladder import Rung
from service.domain.message import MessageClass
from service.domain.people import Wording
from service.reminders.vocabulary import (
    CLOSED,
    SAYS_DAYS,
    After,
    Anchor,
    Asked,
    Circumstance,
    Days,
    IfClosed,
    Late,
    LateDate,
    Offset,
    PerSite,
    Says,
    To,
    Unless,
    Whose,
    WindowDays,
)

__all__ = ["SAYS_DAYS", "After", "Anchor", "Late", "PerSite", "Says", "To", "Unless", "Whose"]

Clock = Annotated[time, Strict()]


@dataclass(frozen=True)
class Latest:
    """The last useful moment: ``days`` from the anchor (negative before it), ``at`` local clock time."""

    __pydantic_config__ = CLOSED

    days: Days
    at: Clock


@dataclass(frozen=True)
class StepText:
    """One text that a step may use.

    ``tier`` is the wording that she must have chosen at least. ``kinds`` are the visits that the text is for,
    all if empty.
    """

    __pydantic_config__ = CLOSED

    key: str
    tier: Wording
    whose: Whose
    kinds: frozenset[VisitKind] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When a step counts, in the words of the plan file.

    ``offset_days`` places it from its anchor. With ``every_days`` it comes again and again, up to
    ``until_days`` from the anchor. ``only`` keeps it for subjects of whom all of that holds, ``done`` for
    attended visits at which that was done. ``source`` says where the numbers come from.
    """

    __pydantic_config__ = CLOSED

    id: str
    anchor: Anchor
    offset_days: Days
    source: str
    every_days: Days | None = None
    until_days: Days | None = None
    unless: frozenset[Unless] = frozenset()
    only: frozenset[Circumstance] = frozenset()
    done: Done | None = None
    per_site: PerSite = PerSite.ALWAYS


@dataclass(frozen=True, kw_only=True)
class Step(Timing):
    """A text.

    ``at`` is local. ``min_interval_days`` keeps it for dates that come at least so long after the one before.
    ``follows`` is the step whose silence it waits for. ``escalation`` names the ladder of people's acts.
    """

    at: Clock
    message_class: MessageClass
    texts: tuple[StepText, ...]
    late: Late
    latest: Latest
    after: After = After.NONE
    follows: str = ""
    min_interval_days: Days | None = None
    to: To = To.CLIENT
    escalation: str | None = None


@dataclass(frozen=True, kw_only=True)
class TaskStep(Timing, Asked):
    """A task for a person, opened as the working day begins.

    It must be done ``within_days`` of that, or (0) as soon as its urgency says. Known only after
    ``latest_days`` from the anchor it is not opened any more; without that it is never too late.
    """

    within_days: Days = 0
    latest_days: Days | None = None
    after: After = After.NONE
    follows: str = ""


@dataclass(frozen=True, kw_only=True)
class DateStep(Timing):
    """A visit that ought to take place, unless a person has dated one in its window.

    It is of the same kind and for the same person as the attended visit from which it counts, or it says
    ``visit`` and ``whose``. The days supplied are added where it says ``plus_supply``; it comes no earlier
    than ``later_of``. ``overdue`` is what a person is asked if it has not taken place when the window closes.
    """

    window: WindowDays
    late: LateDate
    visit: VisitKind | None = None
    whose: Whose | None = None
    if_closed: IfClosed = IfClosed.LATER
    plus_supply: bool = False
    later_of: Offset | None = None
    overdue: Asked | None = None


@dataclass(frozen=True)
class Plan:
    """``name`` is that of its file, without the ending. ``content_hash`` is what people approve.

    ``steps`` are its texts; ``rungs`` belong to the ladders of missed visits.
    """

    name: str
    steps: tuple[Step, ...] = ()
    tasks: tuple[TaskStep, ...] = ()
    dates: tuple[DateStep, ...] = ()
    rungs: tuple[Rung, ...] = ()
    content_hash: str = ""

    @property
    def timings(self) -> tuple[Step | TaskStep | DateStep, ...]:
        """All but the ladders, whose rungs are climbed day by day and never planned ahead."""
        return *self.steps, *self.tasks, *self.dates


def ladder(plans: Iterable[Plan], name: str) -> tuple[Rung, ...]:
    """The rungs of a ladder, in the order of the files."""
    return tuple(rung for plan in plans for rung in plan.rungs if rung.ladder == name)


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


_SAID: Final = frozenset({"texts", "source", "to", "message_class", "escalation", "task", "owner", "urgency"})
"""What a step says, to whom and why, apart from when."""


def timing_version(plan: Plan) -> str:
    """A mark that changes when, and only when, rows planned under the old file must be planned anew.

    Texts, people, sources and the order of the steps leave it alone.
    """
    timing = sorted(" ".join(_timing(step)) for step in plan.timings)
    return hashlib.sha256("\n".join(timing).encode()).hexdigest()[:16]


def _timing(step: Timing) -> Iterator[str]:
    """Every value that is not the usual one, so that a new word in the vocabulary replans nothing."""
    for field in fields(step):
        value = getattr(step, field.name)
        if field.name not in _SAID and value != field.default:
            yield f"{field.name}={sorted(value) if isinstance(value, frozenset) else value}"
