"""The clock of infant testing against the stories of ``cascade.txt``, and what holds for every history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.cascade import (
    EDGE_OF,
    MOVES,
    Edge,
    EdgeRule,
    FinalStatus,
    InfantFacts,
    Owed,
    Result,
    Sample,
    Standing,
    State,
    owed,
    standing,
)
from service.domain.people import Role
from service.domain.tasks import TaskKind
from service.domain.window import Window

BORN = date(2027, 3, 1)
RULES = {
    EDGE_OF[task]: EdgeRule(task, Role.MENTOR, after, within)
    for task, after, within in (
        (TaskKind.TEST_OVERDUE, 0, 0),
        (TaskKind.CHASE_RESULT, 28, 0),
        (TaskKind.GIVE_RESULT, 7, 0),
        (TaskKind.NEW_SAMPLE, 0, 28),
        (TaskKind.SEE_AT_ONCE, 0, 0),
        (TaskKind.ASK_WEANING, 0, 28),
    )
}
AGES = (("eid_6w", 28, 42, 56), ("eid_9m", 260, 274, 365), ("eid_18m", 540, 548, 730))


def age(days: int) -> date:
    return BORN + timedelta(days=days)


def windows(weaned: date | None = None, known: date = BORN) -> tuple[Window, ...]:
    first = known + timedelta(days=1)
    fixed = tuple(Window(name, age(opens), age(due), age(closes), first) for name, opens, due, closes in AGES)
    if weaned is None:
        return fixed
    earliest = weaned + timedelta(days=90)
    due = max(age(548), earliest)
    return *fixed, Window("eid_final", max(age(540), earliest), due, due + timedelta(days=60), first)


NEWBORN = InfantFacts(windows(), ())


def recorded(facts: InfantFacts, words: list[str], on: date) -> InfantFacts:
    for word in words:
        match word:
            case "taken":
                facts = replace(facts, samples=(*facts.samples, Sample(on)))
            case "given":
                facts = with_last(facts, given_on=on)
            case "in_care":
                facts = replace(facts, in_care=True)
            case "left":
                facts = replace(facts, left=True)
            case "weaned":
                pass
            case _ if word in set(Result):
                facts = with_result(facts, Result(word), on)
            case _:
                day = date.fromisoformat(word)
                facts = replace(facts, weaned_on=day, tests=windows(day))
    return facts


def with_last(facts: InfantFacts, given_on: date) -> InfantFacts:
    """Of the results that she was not told, the one that came last is told."""
    untold = [sample for sample in facts.samples if sample.back_on and not sample.given_on]
    last = max(untold, key=lambda sample: sample.back_on or BORN, default=None)
    samples = (replace(sample, given_on=given_on) if sample is last else sample for sample in facts.samples)
    return replace(facts, samples=tuple(samples))


def with_result(facts: InfantFacts, result: Result, on: date) -> InfantFacts:
    """The result of the oldest sample that has none."""
    oldest = next(sample for sample in facts.samples if sample.result is None)
    samples = (
        replace(sample, result=result, back_on=on) if sample is oldest else sample for sample in facts.samples
    )
    return replace(facts, samples=tuple(samples))


def shown(found: Standing, on: date) -> tuple[str, str, str, str]:
    test = f"{found.test.test} {found.test_on}" if found.test else "-"
    asked = (f"{one.task} of {one.owner}{' !' if one.overdue else ''}" for one in owed(found, RULES, on))
    return found.state.value, test, ", ".join(asked), found.final or ""


def stories() -> dict[str, list[list[str]]]:
    lines = Path(__file__).with_name("cascade.txt").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line and line[0] != "#"][1:]
    return {name: list(told) for name, told in groupby(rows, key=lambda row: row[0])}


@pytest.mark.parametrize("name", stories())
def test_an_infant_stands_where_the_story_says(name: str) -> None:
    facts = NEWBORN
    for _, day, words, state, test, asked, final, _ in stories()[name]:
        on = date.fromisoformat(day)
        facts = recorded(facts, words.split(), on)
        found = standing(facts, on)
        assert shown(found, on) == (state, test, asked, final), f"{name}, {day}"


def test_every_edge_has_a_task_of_its_own() -> None:
    assert set(EDGE_OF.values()) == set(Edge)
    assert len(EDGE_OF) == len(Edge)


def test_what_has_no_rule_is_nobodys_task() -> None:
    found = standing(recorded(NEWBORN, ["taken"], age(42)), age(100))
    assert owed(found, {}, age(100)) == ()
    assert [one.task for one in owed(found, RULES, age(100))] == ["chase_result"]


def test_an_infant_enrolled_late_is_overdue_only_after_the_day_asked_for() -> None:
    late = InfantFacts(windows(known=age(100)), ())
    assert [owed(standing(late, age(days)), RULES, age(days)) != () for days in (100, 101, 102)] == [
        False,
        False,
        True,
    ]


# --- every history ----------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[date, str]]:
    """Facts in the order in which staff could record them, each on its day."""
    day, history, pending, ungiven, weaned = draw(st.integers(0, 600)), [], 0, 0, False
    for _ in range(draw(st.integers(0, 14))):
        can = ["taken"] + ["result"] * bool(pending) + ["given"] * bool(ungiven) + ["weaned"] * (not weaned)
        word = draw(st.sampled_from([*can, "wait"]))
        day += draw(st.integers(0, 200))
        if word == "taken":
            pending += 1
        elif word == "result":
            word = draw(st.sampled_from(Result)).value
            pending, ungiven = pending - 1, ungiven + 1
        elif word == "given":
            ungiven = 0
        elif word == "weaned":
            weaned, word = True, f"weaned {age(day - draw(st.integers(0, day)))}"
        history.append((age(day), "" if word == "wait" else word))
    if draw(st.booleans()):
        history.append((age(day + 1), "left"))
    return history


def played(history: list[tuple[date, str]]) -> Iterator[tuple[InfantFacts, date, Standing]]:
    """Every tenth day from birth on, and before and after each fact."""
    facts, day = NEWBORN, BORN
    for on, words in history:
        while day < on:
            yield facts, day, standing(facts, day)
            day = min(on, day + timedelta(days=10))
        yield facts, on, standing(facts, on)
        for word in [words] if words.startswith("weaned") else words.split():
            facts = recorded(facts, word.split(), on)
            yield facts, on, standing(facts, on)
    yield facts, day, standing(facts, day)


@settings(deadline=None)
@given(history=histories())
def test_an_infant_moves_only_as_the_table_of_moves_allows(history: list[tuple[date, str]]) -> None:
    before = State.EXPOSED
    for _, day, found in played(history):
        assert found.state is before or found.state in MOVES[before], f"{before} to {found.state} on {day}"
        before = found.state


@settings(deadline=None)
@given(history=histories())
def test_a_positive_result_ends_the_chain_for_good(history: list[tuple[date, str]]) -> None:
    for facts, day, found in played(history):
        if any(sample.result is Result.POSITIVE for sample in facts.samples):
            assert found.final is FinalStatus.POSITIVE
            assert found.test is None
            assert {one.task for one in owed(found, RULES, day)} <= {TaskKind.SEE_AT_ONCE}
            assert facts.left or owed(found, RULES, day)


@settings(deadline=None)
@given(history=histories())
def test_nobody_drops_out_of_sight(history: list[tuple[date, str]]) -> None:
    """Until the end something waits, or a test is still to come."""
    for _, day, found in played(history):
        if found.state not in (State.FINAL, State.LEFT):
            assert found.waits or (found.test_on and found.test_on > day)
        else:
            assert not found.waits


@settings(deadline=None)
@given(history=histories())
def test_negative_is_final_only_after_weaning_and_a_sample_that_counts(
    history: list[tuple[date, str]],
) -> None:
    for facts, _, found in played(history):
        if found.final is FinalStatus.NEGATIVE:
            last = max(facts.samples, key=lambda sample: sample.taken_on)
            assert last.result is Result.NEGATIVE
            assert facts.weaned_on
            assert last.taken_on >= max(age(540), facts.weaned_on + timedelta(days=90))


@settings(deadline=None)
@given(history=histories())
def test_what_is_owed_is_owed_since_its_day(history: list[tuple[date, str]]) -> None:
    for _, day, found in played(history):
        for one in owed(found, RULES, day):
            assert isinstance(one, Owed)
            assert one.wait.since <= one.from_day <= day
            assert one.owner is Role.MENTOR
