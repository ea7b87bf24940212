"""Tasks, dates and ladders in plan files: what is taken, and what contradicts itself. Texts: test_reading."""

from datetime import time

import pytest

from service.domain.care import VisitKind
from service.domain.people import ConsentChannel, Role
from service.domain.tasks import TaskKind, Urgency
from service.reminders.plan import DateStep, KnownTexts, Plan, Step, TaskStep
from service.reminders.reading import PlanError, read_plans
from service.reminders.vocabulary import (
    After,
    Anchor,
    Asked,
    Circumstance,
    IfClosed,
    LateDate,
    Offset,
    PerSite,
    Unless,
    Whose,
    WindowDays,
)
from tests.reminders.test_reading import KNOWN, RUNG, text, toml, without

Entry = dict[str, str]

TASK = {
    "id": '"chase"',
    "anchor": '"edd"',
    "offset_days": "28",
    "task": '"check_with_nurse"',
    "owner": '"mentor"',
    "urgency": '"today"',
    "source": '"The programme"',
}
DATE = {
    "id": '"six_weeks"',
    "anchor": '"birth"',
    "offset_days": "42",
    "visit": '"vaccine"',
    "whose": '"child"',
    "window": "{ opens = 28, closes = 56 }",
    "late": '"within_window"',
    "source": '"The programme"',
}
ASKS = {
    "id": '"asks"',
    "anchor": '"enrolment"',
    "offset_days": "7",
    "every_days": "7",
    "at": "10:00:00",
    "message_class": '"R1"',
    "late": '"skip"',
    "latest": "{ days = 8, at = 17:00:00 }",
    "source": '"The programme"',
    "texts": f"[{text('dated')}]",
}
AGAIN = ASKS | {
    "id": '"again"',
    "offset_days": "9",
    "latest": "{ days = 10, at = 17:00:00 }",
    "after": '"silence"',
    "follows": '"asks"',
}
CALL = TASK | {
    "anchor": '"enrolment"',
    "offset_days": "11",
    "every_days": "7",
    "after": '"silence"',
    "follows": '"again"',
}
CHECKS = {"step": [ASKS, AGAIN], "task": [CALL]}


def read(blocks: dict[str, list[Entry]], known: KnownTexts = KNOWN) -> list[Plan | PlanError]:
    content = "\n".join(toml(*entries, section=section) for section, entries in blocks.items())
    return list(read_plans({"plan.toml": content}, known))


def problems(section: str, *entries: Entry) -> list[str]:
    return [problem.what for problem in read({section: list(entries)}) if isinstance(problem, PlanError)]


def only_plan(blocks: dict[str, list[Entry]]) -> Plan:
    (plan,) = read(blocks)
    assert isinstance(plan, Plan), plan
    return plan


def test_a_task_says_in_its_file_what_it_is_in_the_program() -> None:
    more = {
        "every_days": "14",
        "until_days": "98",
        "within_days": "3",
        "latest_days": "35",
        "unless": '["weaned"]',
        "only": '["exposed", "high_risk"]',
        "per_site": '"off"',
    }
    (task,) = only_plan({"task": [TASK | more]}).tasks
    assert task == TaskStep(
        id="chase",
        anchor=Anchor.EDD,
        offset_days=28,
        every_days=14,
        until_days=98,
        task=TaskKind.CHECK_WITH_NURSE,
        owner=Role.MENTOR,
        urgency=Urgency.TODAY,
        within_days=3,
        latest_days=35,
        unless=frozenset({Unless.WEANED}),
        only=frozenset({Circumstance.EXPOSED, Circumstance.HIGH_RISK}),
        per_site=PerSite.OFF,
        source="The programme",
    )


def test_a_date_says_in_its_file_what_it_is_in_the_program() -> None:
    more = {
        "late": '"earliest_undone"',
        "if_closed": '"earlier"',
        "later_of": '{ anchor = "weaning", offset_days = 90 }',
        "overdue": '{ task = "test_overdue", owner = "coordinator", urgency = "soon" }',
    }
    (date,) = only_plan({"date": [DATE | more]}).dates
    assert date == DateStep(
        id="six_weeks",
        anchor=Anchor.BIRTH,
        offset_days=42,
        visit=VisitKind.VACCINE,
        whose=Whose.CHILD,
        window=WindowDays(28, 56),
        late=LateDate.EARLIEST_UNDONE,
        if_closed=IfClosed.EARLIER,
        later_of=Offset(Anchor.WEANING, 90),
        overdue=Asked(TaskKind.TEST_OVERDUE, Role.COORDINATOR, Urgency.SOON),
        source="The programme",
    )


def test_a_rung_says_in_its_file_what_it_is_in_the_program() -> None:
    (rung,) = only_plan({"rung": [RUNG | {"consent": '"call"', "tries": "3"}]}).rungs
    assert (rung.id, rung.ladder, rung.days, rung.tries) == ("call", "missed_visit", 3, 3)
    assert (rung.task, rung.owner, rung.urgency) == (TaskKind.CALL_MISSED, Role.MENTOR, Urgency.TODAY)
    assert (rung.consent, rung.risks) == (ConsentChannel.CALL, frozenset())


def test_a_silence_says_in_its_file_whose_it_is() -> None:
    plan = only_plan(CHECKS)
    assert [(step.after, step.follows) for step in plan.steps] == [
        (After.NONE, ""),
        (After.SILENCE, "asks"),
    ]
    assert isinstance(plan.steps[0], Step)
    assert (plan.tasks[0].follows, plan.steps[0].at) == ("again", time(10))


SOUND = {"task": TASK, "date": DATE, "rung": RUNG}


@pytest.mark.parametrize(
    ("section", "key"), [(section, key) for section, entry in SOUND.items() for key in entry]
)
def test_a_key_that_every_block_needs_is_missed(section: str, key: str) -> None:
    missed = f"'{key}' is missing"
    if (section, key) in (("date", "visit"), ("date", "whose")):
        missed = "a date needs 'visit' and 'whose' unless it counts from a visit, of which it has both"
    assert problems(section, without(SOUND[section], key)) == [missed]


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("task", "task", '"tidy_up"'),
        ("task", "owner", '"husband"'),
        ("task", "urgency", '"whenever"'),
        ("task", "within_days", '"3"'),
        ("task", "only", '["poor"]'),
        ("task", "done", '"dancing"'),
        ("date", "visit", '"holiday"'),
        ("date", "whose", '"neighbour"'),
        ("date", "window", "28"),
        ("date", "window", "{ opens = 28.5, closes = 56 }"),
        ("date", "late", '"next_allowed_hour"'),
        ("date", "if_closed", '"never"'),
        ("date", "later_of", '"weaning"'),
        ("date", "overdue", '"test_overdue"'),
        ("rung", "days", '"3"'),
        ("rung", "days", "true"),
        ("rung", "tries", "1.5"),
        ("rung", "consent", '"letter"'),
        ("rung", "risks", '["rain"]'),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(section: str, key: str, value: str) -> None:
    (problem,) = problems(section, SOUND[section] | {key: value})
    assert problem.startswith(f"'{key}")


@pytest.mark.parametrize("section", SOUND)
def test_an_unknown_key_is_refused(section: str) -> None:
    assert problems(section, SOUND[section] | {"approved": "true"}) == ["unknown key 'approved'"]


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("{ opens = 28, closes = 56, on = 1 }", "unknown key 'window.on'"),
        ("{ opens = 28 }", "'window.closes' is missing"),
    ],
)
def test_a_window_has_two_ends_and_nothing_else(key: str, problem: str) -> None:
    assert problems("date", DATE | {"window": key}) == [problem]


def test_what_has_no_name_is_named_by_its_place() -> None:
    (found,) = read({"task": [TASK, without(TASK, "id")]})
    assert str(found) == "plan.toml, task #2: 'id' is missing"


HANGS = "what follows an attended visit hangs on what was 'done' there, and nothing else does"
UNTIL = "'until_days' ends what comes again ('every_days'), not before it begins"
OF_A_SAMPLE = "what comes of a sample is for people alone: it may open a task and nothing else"
OUTSIDE = "the date lies outside its own window"
NEITHER = "what comes again and again can neither wait for another date nor be made good at once"
WHOSE_SILENCE = "a silence is that of the step which this one 'follows'"


@pytest.mark.parametrize(
    ("section", "changed", "problem"),
    [
        ("task", {"id": '"Chase"'}, "'id' must be small letters, digits and _"),
        ("rung", {"source": '" "'}, "'source' must say where the numbers come from"),
        ("task", {"every_days": "0"}, "'every_days' must be 1 or more"),
        ("task", {"until_days": "90"}, UNTIL),
        ("task", {"every_days": "7", "until_days": "27"}, UNTIL),
        ("task", {"anchor": '"attended"'}, HANGS),
        ("task", {"done": '"dmpa_im"'}, HANGS),
        ("task", {"within_days": "-1"}, "'within_days' must be 0 or more"),
        ("task", {"latest_days": "27"}, "'latest_days' comes before the task itself"),
        (
            "task",
            {"after": '"recorded_miss"'},
            "what people do about a miss is a rung of a ladder ([[rung]])",
        ),
        ("task", {"after": '"silence"'}, WHOSE_SILENCE),
        ("task", {"follows": '"asks"'}, WHOSE_SILENCE),
        ("date", {"anchor": '"result"'}, OF_A_SAMPLE),
        ("date", {"anchor": '"sample"'}, OF_A_SAMPLE),
        ("date", {"window": "{ opens = 43, closes = 56 }"}, OUTSIDE),
        ("date", {"window": "{ opens = 28, closes = 41 }"}, OUTSIDE),
        ("date", {"plus_supply": "true"}, "'plus_supply' counts from a dispensing"),
        ("date", {"every_days": "7", "late": '"earliest_undone"'}, NEITHER),
        ("date", {"every_days": "7", "later_of": '{ anchor = "weaning", offset_days = 9 }'}, NEITHER),
        ("rung", {"days": "0"}, "'days' must be 1 or more: nobody has missed a visit before its day is over"),
        ("rung", {"tries": "0"}, "'tries' must be 1 or more"),
    ],
)
def test_what_contradicts_itself_is_refused(section: str, changed: Entry, problem: str) -> None:
    assert problems(section, SOUND[section] | changed) == [problem]


@pytest.mark.parametrize("section", SOUND)
def test_the_blocks_that_the_other_tests_spoil_are_sound(section: str) -> None:
    assert problems(section, SOUND[section]) == []


def test_a_supply_may_open_its_window_long_before_its_end() -> None:
    refill = without(without(DATE, "visit"), "whose") | {
        "anchor": '"dispensing"',
        "offset_days": "0",
        "plus_supply": "true",
        "window": "{ opens = 1, closes = 28 }",
    }
    assert problems("date", refill) == []


# --- texts that come again, and their silences ------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"follows": '"nothing"'},
        {"follows": '"again"'},
        {"every_days": "14"},
        {"anchor": '"edd"'},
        {"offset_days": "7"},
    ],
)
def test_a_silence_follows_a_text_that_comes_as_often_and_earlier(changed: Entry) -> None:
    again = AGAIN | changed | {"latest": "{ days = 12, at = 17:00:00 }"}
    followed = again["follows"].strip('"')
    problem = f"'{followed}' is no text of this plan that comes as often, on an earlier day"
    assert problems("step", ASKS, again) == [problem]


def test_a_text_never_hangs_on_a_sample() -> None:
    child = f"[{text('dated')}, {text('dated_child', whose='child')}]"
    for anchor in ("sample", "result", "positive", "inconclusive"):
        changed = ASKS | {"anchor": f'"{anchor}"', "texts": child}
        assert problems("step", changed) == [OF_A_SAMPLE]


def test_only_a_visit_can_be_missed() -> None:
    assert problems("step", ASKS | {"after": '"recorded_miss"'}) == ["only a visit can be missed"]


def test_a_text_for_herself_needs_no_words_for_a_child() -> None:
    assert problems("step", ASKS) == []
    by_birth = ASKS | {"anchor": '"birth"'}
    assert problems("step", by_birth) == ["has no T0 text for child that fits every kind of visit"]


def test_a_text_cannot_climb_a_ladder_that_is_not_there() -> None:
    assert problems("step", ASKS | {"escalation": '"missed_visit"'}) == ["there is no ladder 'missed_visit'"]


# --- over several blocks and files ------------------------------------------------------------------------


def test_a_name_belongs_to_one_block() -> None:
    found = read({"date": [DATE], "task": [TASK | {"id": DATE["id"]}], "rung": [RUNG]})
    assert list(map(str, found)) == ["plan.toml, six_weeks: this id is used more than once"] * 2


TEST = DATE | {
    "visit": '"infant_test"',
    "overdue": '{ task = "test_overdue", owner = "mentor", urgency = "today" }',
}
EDGES = {
    "chase_result": "sample",
    "give_result": "result",
    "new_sample": "inconclusive",
    "see_at_once": "positive",
    "ask_weaning": "birth",
}


def rules(*left_out: str) -> list[Entry]:
    return [
        TASK | {"id": f'"{task}"', "task": f'"{task}"', "anchor": f'"{anchor}"'}
        for task, anchor in EDGES.items()
        if task not in left_out
    ]


def test_tests_of_infants_with_a_rule_for_everything_that_follows_are_sound() -> None:
    assert only_plan({"date": [TEST], "task": rules()})


@pytest.mark.parametrize("task", EDGES)
def test_nothing_that_follows_a_test_may_be_nobodys(task: str) -> None:
    found = read({"date": [TEST], "task": rules(task)})
    assert list(map(str, found)) == [f"plan.toml, six_weeks: tests of infants need a task '{task}'"]


@pytest.mark.parametrize("task", ["", "referral"])
def test_an_overdue_test_is_somebodys(task: str) -> None:
    changed = {"overdue": f'{{ task = "{task}", owner = "mentor", urgency = "today" }}'} if task else {}
    found = read({"date": [without(TEST, "overdue") | changed], "task": rules()})
    assert list(map(str, found)) == [
        "plan.toml, six_weeks: a test that is overdue needs somebody who is asked "
        "('overdue' with task 'test_overdue')"
    ]


def test_what_follows_a_test_has_one_rule() -> None:
    twice = [*rules(), TASK | {"id": '"other"', "task": '"chase_result"'}]
    assert list(map(str, read({"date": [TEST], "task": twice}))) == [
        "plan.toml, chase_result: 'chase_result' has more than one rule",
        "plan.toml, other: 'chase_result' has more than one rule",
    ]
