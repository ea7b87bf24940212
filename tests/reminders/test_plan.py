"""Which text of a step goes to whom, and when a changed plan means planning anew."""

from dataclasses import replace
from datetime import date, time

import pytest

from service.domain.care import VisitKind
from service.domain.people import Role, Wording
from service.domain.tasks import TaskKind, Urgency
from service.reminders.plan import (
    After,
    ChosenText,
    KnownText,
    KnownTexts,
    Late,
    Latest,
    PerSite,
    Plan,
    Says,
    Step,
    StepText,
    To,
    Unless,
    Whose,
    at_most,
    text_for,
    text_on,
    timing_version,
)
from service.reminders.vocabulary import WindowDays


def step_of(plan: Plan, step_id: str) -> Step:
    return next(step for step in plan.steps if step.id == step_id)


@pytest.mark.parametrize(
    ("step", "whose", "wording", "kind", "key"),
    [
        ("visit_d7", "self", "T0", "anc", "visit_d7"),
        ("visit_d7", "self", "T1", "anc", "anc_d7_t1"),
        ("visit_d7", "self", "T1", "pnc", "pnc_t1"),
        ("visit_d7", "self", "T1", "refill", "visit_d7"),
        ("visit_d7", "child", "T0", "vaccine", "child_d7"),
        ("visit_d7", "child", "T1", "vaccine", "vacc_t1"),
        ("visit_d7", "child", "T1", "infant_test", "child_d7"),
        ("visit_d14", "self", "T1", "anc", "anc_d7_t1"),
        ("visit_d14", "child", "T0", "refill", "child_d7"),
        ("visit_d1", "self", "T0", "lab", "visit_d1"),
        ("visit_d1", "self", "T1", "lab", "visit_d1_t1"),
        ("visit_d1", "child", "T0", "infant_test", "child_d1"),
        ("visit_d1", "child", "T1", "infant_test", "child_d1_t1"),
        ("missed_d1", "self", "T1", "refill", "missed_d1"),
        ("missed_d1", "child", "T0", "infant_test", "child_missed"),
        ("missed_d7", "self", "T0", "refill", "missed_d7"),
        ("missed_d7", "child", "T1", "vaccine", "child_missed"),
    ],
)
def test_she_gets_the_most_telling_text_that_she_agreed_to(
    visits: Plan, step: str, whose: str, wording: str, kind: str, key: str
) -> None:
    chosen = text_for(step_of(visits, step), Whose(whose), Wording(wording), VisitKind(kind))
    assert chosen is not None
    assert chosen.key == key


def test_wording_counts_before_the_kind_of_visit(visits: Plan) -> None:
    neutral_for_anc = StepText("a", Wording.T0, Whose.SELF, frozenset({VisitKind.ANC}))
    telling = StepText("b", Wording.T1, Whose.SELF)
    telling_for_anc = StepText("c", Wording.T1, Whose.SELF, frozenset({VisitKind.ANC}))
    step = replace(visits.steps[0], texts=(neutral_for_anc, telling, telling_for_anc))
    assert text_for(step, Whose.SELF, Wording.T1, VisitKind.ANC) is telling_for_anc
    assert text_for(step, Whose.SELF, Wording.T1, VisitKind.PNC) is telling
    without = replace(step, texts=(neutral_for_anc, telling))
    assert text_for(without, Whose.SELF, Wording.T1, VisitKind.ANC) is telling
    assert text_for(without, Whose.SELF, Wording.T0, VisitKind.ANC) is neutral_for_anc


def test_whoever_wants_no_text_has_none(visits: Plan) -> None:
    assert text_for(visits.steps[0], Whose.SELF, Wording.NONE, VisitKind.ANC) is None


@pytest.mark.parametrize("kind", sorted(VisitKind))
@pytest.mark.parametrize("whose", sorted(Whose))
def test_a_neutral_text_for_one_kind_of_visit_is_that_for_all(visits: Plan, whose: str, kind: str) -> None:
    """What her phone shows must not tell a refill from a test."""
    for step in visits.steps:
        own = text_for(step, Whose(whose), Wording.T0, VisitKind(kind))
        assert own == text_for(step, Whose(whose), Wording.T0, VisitKind.OTHER)


@pytest.mark.parametrize(
    ("tier", "wording", "allowed"),
    [
        (Wording.T0, Wording.T0, True),
        (Wording.T0, Wording.T1, True),
        (Wording.T1, Wording.T1, True),
        (Wording.T1, Wording.T0, False),
        (Wording.T0, Wording.NONE, False),
        (Wording.NONE, Wording.T1, False),
    ],
)
def test_a_text_tells_no_more_than_she_allowed(tier: Wording, wording: Wording, allowed: bool) -> None:
    assert at_most(tier, wording) is allowed


SAYS_TOMORROW = KnownText("see_you", Wording.T0, Says.TOMORROW, "dated")
LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("today", "chosen"),
    [
        (date(2028, 2, 28), ChosenText("see_you", date(2028, 2, 28))),
        (date(2028, 2, 26), ChosenText("dated", None)),
        (LEAP_DAY, ChosenText("dated", None)),
    ],
)
def test_tomorrow_is_said_only_on_the_day_before(today: date, chosen: ChosenText) -> None:
    assert text_on(today, SAYS_TOMORROW, LEAP_DAY) == chosen


@pytest.mark.parametrize(
    ("says", "today"),
    [
        (Says.YESTERDAY, date(2028, 3, 1)),
        (Says.TODAY, LEAP_DAY),
        (Says.TOMORROW, date(2028, 2, 28)),
    ],
)
def test_each_word_for_a_day_is_true_on_one_day(says: Says, today: date) -> None:
    text = KnownText("named", Wording.T0, says)
    days = [date(2028, 2, 27), date(2028, 2, 28), LEAP_DAY, date(2028, 3, 1), date(2028, 3, 2)]
    assert [day for day in days if text_on(day, text, LEAP_DAY)] == [today]


def test_a_dated_text_is_true_on_any_day() -> None:
    assert text_on(LEAP_DAY, KnownText("dated", Wording.T0), date(2029, 1, 1)) == ChosenText("dated", None)


def test_whatever_the_day_a_shipped_text_is_true_or_has_one_in_its_place(
    visits: Plan, known_texts: KnownTexts
) -> None:
    for text in (text for step in visits.steps for text in step.texts):
        for day in (date(2028, 2, 20), date(2028, 2, 28), LEAP_DAY, date(2028, 3, 1)):
            chosen = text_on(day, known_texts[text.key], LEAP_DAY)
            assert chosen and chosen.key in known_texts


def changed(plan: Plan, **values: object) -> Plan:
    return replace(plan, steps=(replace(plan.steps[0], **values), *plan.steps[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        {"offset_days": -13},
        {"at": time(11)},
        {"late": Late.SKIP},
        {"latest": Latest(-4, time(17))},
        {"latest": Latest(-3, time(16))},
        {"after": After.RECORDED_MISS},
        {"unless": frozenset({Unless.MISSED})},
        {"min_interval_days": 83},
        {"min_interval_days": None},
        {"per_site": PerSite.ON},
        {"id": "visit_d13"},
    ],
)
def test_a_change_of_timing_is_a_new_version(visits: Plan, values: dict[str, object]) -> None:
    assert timing_version(changed(visits, **values)) != timing_version(visits)


def test_a_step_more_or_less_is_a_new_version(visits: Plan) -> None:
    assert timing_version(replace(visits, steps=visits.steps[1:])) != timing_version(visits)


@pytest.mark.parametrize(
    "values", [{"texts": ()}, {"source": "another"}, {"to": To.MENTOR}, {"escalation": "another"}]
)
def test_a_change_of_words_replans_nothing(visits: Plan, values: dict[str, object]) -> None:
    assert timing_version(changed(visits, **values)) == timing_version(visits)


@pytest.mark.parametrize("plan", ["infant_testing", "adherence", "services"])
def test_tasks_and_dates_count_too_but_what_people_are_asked_does_not(
    plans: tuple[Plan, ...], plan: str
) -> None:
    found = next(one for one in plans if one.name == plan)
    first_date, first_task = found.dates[0], found.tasks[0]
    for later in (
        replace(found, dates=(replace(first_date, offset_days=5), *found.dates[1:])),
        replace(found, dates=(replace(first_date, window=WindowDays(0, 99)), *found.dates[1:])),
        replace(found, tasks=(replace(first_task, offset_days=5), *found.tasks[1:])),
        replace(found, tasks=found.tasks[1:]),
    ):
        assert timing_version(later) != timing_version(found)
    asked = replace(first_task, task=TaskKind.REFERRAL, owner=Role.ADMIN, urgency=Urgency.SOON, source="x")
    same = replace(found, tasks=(asked, *found.tasks[1:]), content_hash="another")
    assert timing_version(same) == timing_version(found)


@pytest.mark.parametrize(
    "values",
    [
        {"every_days": 14},
        {"every_days": None},
        {"until_days": 91},
        {"only": frozenset()},
        {"follows": "check_in_monthly", "after": After.SILENCE},
    ],
)
def test_how_often_a_text_comes_and_for_whom_is_timing(
    plans: tuple[Plan, ...], values: dict[str, object]
) -> None:
    adherence = next(one for one in plans if one.name == "adherence")
    assert timing_version(changed(adherence, **values)) != timing_version(adherence)


def test_ladders_are_climbed_day_by_day_and_replan_nothing(visits: Plan) -> None:
    assert timing_version(replace(visits, rungs=())) == timing_version(visits)


def test_the_order_of_steps_in_the_file_replans_nothing(visits: Plan) -> None:
    backwards = replace(visits, steps=visits.steps[::-1])
    assert timing_version(backwards) == timing_version(visits)
