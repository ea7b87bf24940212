"""Times that contradict themselves."""

from collections.abc import Iterable, Iterator
from typing import Final

from service.reminders.plan import DateStep, Step, TaskStep, Timing
from service.reminders.vocabulary import After, Anchor, LateDate

_OF_A_SAMPLE: Final = frozenset({Anchor.SAMPLE, Anchor.RESULT, Anchor.POSITIVE, Anchor.INCONCLUSIVE})
_OF_A_VISIT: Final = frozenset({Anchor.ATTENDED, Anchor.DISPENSING})


def timing_mistakes(step: Timing) -> Iterator[str]:
    if step.every_days is not None and step.every_days < 1:
        yield "'every_days' must be 1 or more"
    if step.until_days is not None and (step.every_days is None or step.until_days < step.offset_days):
        yield "'until_days' ends what comes again ('every_days'), not before it begins"
    if (step.anchor is Anchor.ATTENDED) != (step.done is not None):
        yield "what follows an attended visit hangs on what was 'done' there, and nothing else does"
    if step.anchor in _OF_A_SAMPLE and not isinstance(step, TaskStep):
        yield "what comes of a sample is for people alone: it may open a task and nothing else"


def following_mistakes(step: Step | TaskStep, steps: Iterable[Step]) -> Iterator[str]:
    if (step.after is After.SILENCE) != bool(step.follows):
        yield "a silence is that of the step which this one 'follows'"
    elif step.follows and not any(_can_follow(step, other) for other in steps):
        yield f"'{step.follows}' is no text of this plan that comes as often, on an earlier day"


def _can_follow(step: Step | TaskStep, other: Step) -> bool:
    as_often = (step.anchor, step.every_days) == (other.anchor, other.every_days)
    return other.id == step.follows and as_often and other.offset_days < step.offset_days


def task_mistakes(step: TaskStep) -> Iterator[str]:
    if step.after is After.RECORDED_MISS:
        yield "what people do about a miss is a rung of a ladder ([[rung]])"
    if step.within_days < 0:
        yield "'within_days' must be 0 or more"
    if step.latest_days is not None and step.latest_days < step.offset_days:
        yield "'latest_days' comes before the task itself"


def date_mistakes(step: DateStep) -> Iterator[str]:
    if step.anchor not in _OF_A_VISIT and None in (step.visit, step.whose):
        yield "a date needs 'visit' and 'whose' unless it counts from a visit, of which it has both"
    opens_late = not step.plus_supply and step.window.opens > step.offset_days
    if opens_late or step.window.closes < step.offset_days:
        yield "the date lies outside its own window"
    if step.plus_supply and step.anchor is not Anchor.DISPENSING:
        yield "'plus_supply' counts from a dispensing"
    if step.every_days is not None and (step.later_of or step.late is LateDate.EARLIEST_UNDONE):
        yield "what comes again and again can neither wait for another date nor be made good at once"
