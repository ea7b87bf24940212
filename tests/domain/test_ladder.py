"""Who must act after a recorded miss, and what an absence is called. The shipped days: tests/reminders."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.care import VisitState
from service.domain.ladder import (
    ENDS_THE_CLIMB,
    FROM_28_ON,
    MORE_THAN_28,
    Limits,
    MissFacts,
    Risk,
    Rung,
    absence,
    is_interrupted,
    steps_due,
)
from service.domain.people import ConsentChannel, Role
from service.domain.tasks import FollowUpOutcome, TaskKind, Urgency


@pytest.mark.parametrize(
    ("days", "called", "interrupted", "interrupted_by_who"),
    [
        (-1, None, False, False),
        (0, None, False, False),
        (1, "missed", False, False),
        (7, "missed", False, False),
        (8, "defaulter", False, False),
        (27, "defaulter", False, False),
        (28, "defaulter", False, True),
        (29, "defaulter", True, True),
        (89, "defaulter", True, True),
        (90, "lost", True, True),
        (1000, "lost", True, True),
    ],
)
def test_an_absence_has_the_names_of_both_conventions(
    days: int, called: str | None, interrupted: bool, interrupted_by_who: bool
) -> None:
    assert absence(days) == called
    assert (is_interrupted(days, MORE_THAN_28), is_interrupted(days, FROM_28_ON)) == (
        interrupted,
        interrupted_by_who,
    )


def test_the_days_are_the_programmes_to_change() -> None:
    strict = Limits(defaulter=4, lost=60, interrupted=15)
    assert [absence(days, strict) for days in (3, 4, 59, 60)] == ["missed", "defaulter", "defaulter", "lost"]
    assert is_interrupted(15, strict)


def rung(id_: str, days: int, owner: Role = Role.MENTOR) -> Rung:
    return Rung(id_, "l", days, TaskKind.MISSED_VISIT, owner, Urgency.TODAY, "source")


FIRST = replace(rung("first", 1), risks=frozenset({Risk.INFANT_TEST}))
REACH = rung("reach", 3)
CALL = replace(rung("call", 3), consent=ConsentChannel.CALL)
VISIT = replace(rung("visit", 7), consent=ConsentChannel.VISIT)
ABOVE = rung("above", 14, Role.COORDINATOR)
RUNGS = (FIRST, REACH, CALL, VISIT, ABOVE)
MISSED = date(2028, 2, 29)
FACTS = MissFacts(MISSED, VisitState.MISSED, consents=frozenset({ConsentChannel.CALL}))


def owed(facts: MissFacts, days: int) -> list[str]:
    return [one.id for one in steps_due(RUNGS, facts, MISSED + timedelta(days=days))]


@pytest.mark.parametrize("state", [state for state in VisitState if state is not VisitState.MISSED])
@pytest.mark.parametrize("days", [0, 1, 3, 14, 100])
def test_nobody_acts_on_a_miss_that_nobody_recorded(state: VisitState, days: int) -> None:
    assert owed(replace(FACTS, state=state), days) == []


def test_on_the_day_itself_nobody_has_missed_anything() -> None:
    assert owed(replace(FACTS, risks=frozenset(Risk)), 0) == []


def test_the_first_rung_is_for_what_cannot_wait() -> None:
    assert owed(FACTS, 1) == []
    assert owed(replace(FACTS, risks=frozenset({Risk.INFANT_TEST})), 1) == ["first"]
    assert owed(replace(FACTS, risks=frozenset({Risk.NEW_ON_TREATMENT})), 1) == []


def test_of_two_rungs_of_one_day_the_later_in_the_file_is_climbed_if_she_agreed() -> None:
    assert owed(FACTS, 3) == ["call"]
    assert owed(replace(FACTS, consents=frozenset()), 3) == ["reach"]


def test_what_was_asked_is_not_asked_again() -> None:
    assert owed(replace(FACTS, taken=frozenset({"call"})), 5) == []


def test_no_home_visit_without_her_consent_however_long_it_lasts() -> None:
    assert all("visit" not in owed(FACTS, days) for days in range(200))


def test_a_late_record_asks_each_person_once() -> None:
    agreed = replace(FACTS, consents=frozenset(ConsentChannel), risks=frozenset(Risk))
    assert owed(agreed, 40) == ["visit", "above"]


@pytest.mark.parametrize("outcome", FollowUpOutcome)
def test_only_an_outcome_that_ends_the_search_ends_the_climb(outcome: FollowUpOutcome) -> None:
    assert (owed(replace(FACTS, outcome=outcome), 14) == []) is (outcome in ENDS_THE_CLIMB)


CASES = st.builds(
    MissFacts,
    expected_on=st.just(MISSED),
    state=st.sampled_from(VisitState),
    risks=st.frozensets(st.sampled_from(Risk)),
    consents=st.frozensets(st.sampled_from(ConsentChannel)),
    taken=st.frozensets(st.sampled_from([one.id for one in RUNGS])),
    outcome=st.none() | st.sampled_from(FollowUpOutcome),
)


@given(facts=CASES, days=st.integers(-5, 200))
def test_each_person_has_one_task_at_most_and_none_that_was_not_earned(facts: MissFacts, days: int) -> None:
    found = steps_due(RUNGS, facts, MISSED + timedelta(days=days))
    assert max(Counter(one.owner for one in found).values(), default=0) <= 1
    for one in found:
        assert facts.state is VisitState.MISSED
        assert one.days <= days
        assert one.id not in facts.taken
        assert one.consent is None or one.consent in facts.consents


@given(facts=CASES, starts=st.integers(0, 60))
def test_every_recorded_miss_reaches_the_coordinator_unless_it_was_settled(
    facts: MissFacts, starts: int
) -> None:
    facts = replace(facts, state=VisitState.MISSED, outcome=None, taken=frozenset())
    taken: set[str] = set()
    for days in range(starts, starts + 20):
        found = steps_due(RUNGS, replace(facts, taken=frozenset(taken)), MISSED + timedelta(days=days))
        taken |= {one.id for one in found}
    assert ("above" in taken) is (starts + 19 >= ABOVE.days)
    assert taken & {"reach", "call", "visit"}
