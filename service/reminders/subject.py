"""Whom the steps of a plan are for: what they must know of a person, visit or sample, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from service.domain.care import Done, VisitKind
from service.reminders.vocabulary import Anchor, Circumstance, Unless, Whose


@dataclass(frozen=True)
class Known:
    """A local day, and the moment (UTC) at which the service learnt of it."""

    day: date
    at: datetime


Question = tuple[str, int]
"""A step that asks something, and which time."""


@dataclass(frozen=True)
class Subject:
    """A client, infant, visit, invitation or sample.

    ``anchors`` are its dates; steps that count from another anchor are not its own. ``interval_days`` is the
    time since the visit before (or the days supplied then), ``supply_days`` what was handed out at this one.
    ``missed_at`` is when a person recorded the miss. ``told`` counts, per step, the texts that went out about
    a day that is no longer the date: a date that moves earns the step anew. ``switched`` are the steps that
    its site has turned from their default. ``since`` is when (UTC) a step began to hold for the subject,
    where that may be after its date was known: her site turned it on, she chose it, its plan was changed.
    ``hours`` are the clock times (local) that she chose for a step.
    ``asked`` is when (UTC) a question went out; ``answered`` are those after which she was heard.
    """

    id: UUID
    whose: Whose
    anchors: Mapping[Anchor, Known]
    kind: VisitKind | None = None
    interval_days: int | None = None
    supply_days: int | None = None
    missed_at: datetime | None = None
    happened: frozenset[Unless] = frozenset()
    switched: frozenset[str] = frozenset()
    since: Mapping[str, datetime] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    circumstances: frozenset[Circumstance] = frozenset()
    done: Done | None = None
    hours: Mapping[str, time] = field(default_factory=dict)
    asked: Mapping[Question, datetime] = field(default_factory=dict)
    answered: frozenset[Question] = frozenset()
