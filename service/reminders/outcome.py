"""What becomes of a step of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from service.domain.reason import Reason
from service.reminders.plan import Step, TaskStep
from service.reminders.subject import Subject
from service.reminders.vocabulary import After


@dataclass(frozen=True)
class Send:
    """To be sent at ``at`` (UTC), which is later than the step's own moment if that had passed."""

    at: datetime


@dataclass(frozen=True)
class Ask:
    """A person is to be asked at ``at`` (UTC)."""

    at: datetime


@dataclass(frozen=True)
class Skip:
    reason: Reason


@dataclass(frozen=True)
class HandToPerson:
    reason: Reason


@dataclass(frozen=True)
class Awaits:
    """Still to come, once ``what`` has come to pass."""

    what: After


def awaited(
    step: Step | TaskStep, steps: Sequence[Step], subject: Subject, number: int
) -> datetime | Skip | Awaits | None:
    """Since when (UTC) that has been so which the step waits for; ``None`` if it waits for nothing.

    ``steps`` are the texts of its plan, ``number`` says which time of the step it is.
    """
    match step.after:
        case After.NONE:
            return None
        case After.RECORDED_MISS:
            return subject.missed_at or Awaits(step.after)
        case After.SILENCE:
            return _silent_since(step, steps, subject, number)
        case _:
            assert_never(step.after)


def _silent_since(
    step: Step | TaskStep, steps: Sequence[Step], subject: Subject, number: int
) -> datetime | Skip | Awaits:
    """A silence is as long as the days between the two steps, from the moment at which the first went out.

    Whoever answered an earlier question of the same round has answered this one.
    """
    question = (step.follows, number)
    followed = next(other for other in steps if other.id == step.follows)
    before = awaited(followed, steps, subject, number)
    if question in subject.answered or isinstance(before, Skip):
        return Skip(Reason.ANSWERED)
    if question not in subject.asked:
        return Awaits(step.after)
    return subject.asked[question] + timedelta(days=step.offset_days - followed.offset_days)
