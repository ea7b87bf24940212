"""The clock of infant testing: where an infant stands between birth and the final outcome, and what waits.

Results are recorded and read by staff; nothing here is ever said to a phone. Days are local.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from service.domain.people import ClientKind, InfantRisk, Role
from service.domain.tasks import TaskKind, Urgency
from service.domain.window import Window, days_of_tests, is_done


class Result(StrEnum):
    """``none_came``: the sample or its result is lost, so that it is as good as not taken."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    INDETERMINATE = "indeterminate"
    NONE_CAME = "none_came"


INCONCLUSIVE: Final = frozenset({Result.INDETERMINATE, Result.NONE_CAME})


class FinalStatus(StrEnum):
    """WHO HIV digital adaptation kit 2023: an infant's final status. ``negative`` is after weaning only."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Where an infant stands. ``left``: died, transferred or lost before the end."""

    EXPOSED = "exposed"
    DUE = "due"
    SAMPLE_TAKEN = "sample_taken"
    NEW_SAMPLE = "new_sample"
    RESULT_BACK = "result_back"
    RESULT_GIVEN = "result_given"
    POSITIVE = "positive"
    FINAL = "final"
    LEFT = "left"


MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.EXPOSED: frozenset({State.DUE, State.SAMPLE_TAKEN, State.LEFT}),
    State.DUE: frozenset({State.SAMPLE_TAKEN, State.LEFT}),
    State.SAMPLE_TAKEN: frozenset({State.RESULT_BACK, State.NEW_SAMPLE, State.POSITIVE, State.LEFT}),
    State.NEW_SAMPLE: frozenset({State.SAMPLE_TAKEN, State.LEFT}),
    State.RESULT_BACK: frozenset(
        {State.RESULT_GIVEN, State.DUE, State.SAMPLE_TAKEN, State.FINAL, State.LEFT}
    ),
    State.RESULT_GIVEN: frozenset({State.DUE, State.SAMPLE_TAKEN, State.FINAL, State.LEFT}),
    State.POSITIVE: frozenset({State.LEFT}),
    State.FINAL: frozenset({State.SAMPLE_TAKEN}),
    State.LEFT: frozenset(),
}
"""Where an infant may go from each state as facts are added one by one; a correction may do otherwise.

Whoever has fallen ill is tested at any time, also after the end.
"""


class Edge(StrEnum):
    """What has to happen next."""

    SAMPLE = "sample"
    RESULT = "result"
    GIVING = "giving"
    NEW_SAMPLE = "new_sample"
    CARE = "care"
    WEANING = "weaning"


EDGE_OF: Final[Mapping[TaskKind, Edge]] = {
    TaskKind.TEST_OVERDUE: Edge.SAMPLE,
    TaskKind.CHASE_RESULT: Edge.RESULT,
    TaskKind.GIVE_RESULT: Edge.GIVING,
    TaskKind.NEW_SAMPLE: Edge.NEW_SAMPLE,
    TaskKind.SEE_AT_ONCE: Edge.CARE,
    TaskKind.ASK_WEANING: Edge.WEANING,
}
"""The task that people are given when an edge takes too long."""


def is_exposed(risk: InfantRisk | None, mother: ClientKind) -> bool:
    """Whether an infant is to be tested: its risk was written down, or its mother's services do not say that
    she tested negative. A test too few harms more than a reminder of a visit too many.
    """
    return risk is not None or mother not in (ClientKind.PREP, ClientKind.AGYW)


@dataclass(frozen=True)
class EdgeRule:
    """When the wait at an edge becomes a person's task, and for how many days more it is in time.

    ``every_days`` is how long after it was asked in vain it is asked again, where the plan says so.
    """

    task: TaskKind
    owner: Role
    after_days: int
    within_days: int = 0
    urgency: Urgency = Urgency.TODAY
    every_days: int | None = None


@dataclass(frozen=True)
class Sample:
    """``back_on`` is when its result was recorded, ``given_on`` when the mother was told of it."""

    taken_on: date
    result: Result | None = None
    back_on: date | None = None
    given_on: date | None = None


@dataclass(frozen=True)
class InfantFacts:
    """``tests`` are those that apply, the final one among them only once the weaning date is known.

    ``in_care``: treatment has begun, so that a positive infant is looked after by another plan.
    """

    tests: tuple[Window, ...]
    samples: tuple[Sample, ...]
    weaned_on: date | None = None
    in_care: bool = False
    left: bool = False


@dataclass(frozen=True)
class Wait:
    """An edge that waits ``since`` a day. Its rule counts ``counts_from``: for a sample, the window's end."""

    edge: Edge
    since: date
    counts_from: date


@dataclass(frozen=True)
class Standing:
    """``test`` is the next that is neither done nor served by another, and ``test_on`` the day to ask for it.

    ``final`` is known as soon as it can be told, which may be before the mother was told.
    """

    state: State
    waits: tuple[Wait, ...]
    test: Window | None = None
    test_on: date | None = None
    final: FinalStatus | None = None


@dataclass(frozen=True)
class Owed:
    """What a person has to do about a wait, from a day on."""

    wait: Wait
    task: TaskKind
    owner: Role
    from_day: date
    overdue: bool


def standing(facts: InfantFacts, today: date) -> Standing:
    """Where the infant stands today, and everything that waits."""
    test, test_on = _next_test(facts)
    waits = tuple(_waits(facts, test, test_on, today))
    return Standing(_state(facts, waits), waits, test, test_on, _final(facts))


def _next_test(facts: InfantFacts) -> tuple[Window, date] | tuple[None, None]:
    """None for an infant who has left, or whose routine tests a positive result has ended."""
    if facts.left or _is_positive(facts):
        return None, None
    days = days_of_tests(facts.tests, _sampled(facts))
    return next(((test, day) for test, day in days if day), (None, None))


def _sampled(facts: InfantFacts) -> list[date]:
    return [sample.taken_on for sample in facts.samples]


def _is_positive(facts: InfantFacts) -> bool:
    return any(sample.result is Result.POSITIVE for sample in facts.samples)


def _waits(facts: InfantFacts, test: Window | None, test_on: date | None, today: date) -> Iterator[Wait]:
    if facts.left:
        return
    if _is_positive(facts):
        yield from _care(facts)
        return
    yield from _of_samples(facts.samples)
    if test and test_on and test_on <= today:
        yield Wait(Edge.SAMPLE, test_on, max(test.closes, test_on) + timedelta(days=1))
    if facts.weaned_on is None and facts.tests and _last_due(facts) <= today:
        yield Wait(Edge.WEANING, _last_due(facts), _last_due(facts))


def _last_due(facts: InfantFacts) -> date:
    return max(test.due for test in facts.tests)


def _care(facts: InfantFacts) -> Iterator[Wait]:
    """However many samples said so, the child is looked after once."""
    if not facts.in_care:
        found = min(_known_on(sample) for sample in facts.samples if sample.result is Result.POSITIVE)
        yield Wait(Edge.CARE, found, found)


def _of_samples(samples: Sequence[Sample]) -> Iterator[Wait]:
    """What each sample waits for. A result is as good as given when she was told another on a later day."""
    last = max(samples, key=lambda sample: sample.taken_on, default=None)
    told = max((sample.given_on for sample in samples if sample.given_on), default=date.min)
    for sample in samples:
        if sample.result is None:
            yield Wait(Edge.RESULT, sample.taken_on, sample.taken_on)
        elif sample is last and sample.result in INCONCLUSIVE:
            yield Wait(Edge.NEW_SAMPLE, _known_on(sample), _known_on(sample))
        elif sample.result not in INCONCLUSIVE and not sample.given_on and told <= _known_on(sample):
            yield Wait(Edge.GIVING, _known_on(sample), _known_on(sample))


def _known_on(sample: Sample) -> date:
    return sample.back_on or sample.taken_on


def _state(facts: InfantFacts, waits: Sequence[Wait]) -> State:
    if facts.left and not _is_negative(facts):
        return State.LEFT
    if _is_positive(facts):
        return State.POSITIVE
    waiting = {wait.edge for wait in waits}
    for edge, state in _STATES.items():
        if edge in waiting:
            return state
    if _is_negative(facts):
        return State.FINAL
    return State.RESULT_GIVEN if facts.samples else State.EXPOSED


_STATES: Final = {
    Edge.RESULT: State.SAMPLE_TAKEN,
    Edge.NEW_SAMPLE: State.NEW_SAMPLE,
    Edge.GIVING: State.RESULT_BACK,
    Edge.SAMPLE: State.DUE,
}
"""Of several waits the first here says where the infant stands."""


def _final(facts: InfantFacts) -> FinalStatus | None:
    if _is_positive(facts):
        return FinalStatus.POSITIVE
    if _is_negative(facts):
        return FinalStatus.NEGATIVE
    return FinalStatus.UNKNOWN if facts.left else None


def _is_negative(facts: InfantFacts) -> bool:
    """Weaned, every test done, every result back and the last of them negative."""
    results = [sample.result for sample in sorted(facts.samples, key=lambda sample: sample.taken_on)]
    settled = not {None, Result.POSITIVE}.intersection(results) and results[-1:] == [Result.NEGATIVE]
    done = all(is_done(test, _sampled(facts)) for test in facts.tests)
    return settled and done and facts.weaned_on is not None


def owed(found: Standing, rules: Mapping[Edge, EdgeRule], today: date) -> tuple[Owed, ...]:
    """What people must do today about what waits, and whether they are late with it."""
    return tuple(
        Owed(wait, rule.task, rule.owner, from_day, today > from_day + timedelta(days=rule.within_days))
        for wait in found.waits
        if (rule := rules.get(wait.edge))
        and (from_day := wait.counts_from + timedelta(days=rule.after_days)) <= today
    )
