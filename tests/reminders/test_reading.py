"""Plan files: what is taken, and that everything wrong is said at once."""

from datetime import time
from hashlib import sha256

import pytest

from service.domain.message import MessageClass
from service.domain.people import Wording
from service.reminders.plan import (
    Anchor,
    KnownText,
    Late,
    Latest,
    PerSite,
    Plan,
    Says,
    Step,
    StepText,
    Unless,
    Whose,
)
from service.reminders.reading import PlanError, read_plans

KNOWN = {
    text.key: text
    for text in (
        KnownText("dated", Wording.T0),
        KnownText("dated_child", Wording.T0),
        KnownText("telling", Wording.T1),
        KnownText("tomorrow", Wording.T0, Says.TOMORROW, "dated"),
        KnownText("tomorrow_or_never", Wording.T0, Says.TOMORROW),
        KnownText("tomorrow_or_telling", Wording.T0, Says.TOMORROW, "telling"),
        KnownText("yesterday", Wording.T0, Says.YESTERDAY, "dated"),
    )
}


def text(key: str, tier: str = "T0", whose: str = "self", kinds: str = "[]") -> str:
    return f'{{ tier = "{tier}", whose = "{whose}", key = "{key}", kinds = {kinds} }}'


def texts(*rows: str) -> str:
    """The rows given for herself, and one for her child, so that they are all that can be wrong."""
    return f"[{', '.join([*rows, text('dated_child', whose='child')])}]"


BEFORE = {
    "id": '"week_before"',
    "anchor": '"visit"',
    "offset_days": "-7",
    "at": "10:00:00",
    "message_class": '"R2"',
    "late": '"next_allowed_hour"',
    "latest": "{ days = -3, at = 17:00:00 }",
    "source": '"The programme"',
    "texts": texts(text("dated")),
}
AFTER = BEFORE | {
    "id": '"week_after"',
    "offset_days": "7",
    "latest": "{ days = 9, at = 17:00:00 }",
    "after": '"recorded_miss"',
}


def toml(*entries: dict[str, str], section: str = "step") -> str:
    return "\n".join(
        f"[[{section}]]\n" + "\n".join(f"{k} = {v}" for k, v in entry.items()) for entry in entries
    )


RUNG = {
    "id": '"call"',
    "ladder": '"missed_visit"',
    "days": "3",
    "task": '"call_missed"',
    "owner": '"mentor"',
    "urgency": '"today"',
    "source": '"The programme"',
}


def without(step: dict[str, str], key: str) -> dict[str, str]:
    return {k: v for k, v in step.items() if k != key}


def problems(*steps: dict[str, str]) -> list[str]:
    found = read_plans({"plan.toml": toml(*steps)}, KNOWN)
    return [problem.what for problem in found if isinstance(problem, PlanError)]


def test_a_plan_says_in_its_file_what_it_is_in_the_program() -> None:
    step = BEFORE | {
        "min_interval_days": "84",
        "unless": '["attended", "cancelled"]',
        "escalation": '"missed_visit"',
        "per_site": '"off"',
        "texts": """[
            { tier = "T0", whose = "self", key = "dated" },
            { tier = "T1", whose = "self", key = "telling", kinds = ["anc"] },
            { tier = "T0", whose = "child", key = "dated_child" },
        ]""",
    }
    text = toml(step) + "\n" + toml(RUNG, section="rung")
    (plan,) = read_plans({"plan.toml": text}, KNOWN)
    assert isinstance(plan, Plan)
    assert (plan.name, plan.content_hash) == ("plan", sha256(text.encode()).hexdigest())
    (read,) = plan.steps
    assert read == Step(
        id="week_before",
        anchor=Anchor.VISIT,
        offset_days=-7,
        at=time(10),
        message_class=MessageClass.R2,
        texts=read.texts,
        late=Late.NEXT_ALLOWED_HOUR,
        latest=Latest(-3, time(17)),
        source="The programme",
        unless=frozenset({Unless.ATTENDED, Unless.CANCELLED}),
        min_interval_days=84,
        escalation="missed_visit",
        per_site=PerSite.OFF,
    )
    assert read.texts[0] == StepText("dated", Wording.T0, Whose.SELF)
    assert [kind.value for kind in read.texts[1].kinds] == ["anc"]


def test_the_steps_that_the_other_tests_spoil_are_sound() -> None:
    assert problems(BEFORE, AFTER) == []


@pytest.mark.parametrize("key", sorted(BEFORE))
def test_a_key_that_every_step_needs_is_missed(key: str) -> None:
    assert problems(without(BEFORE, key)) == [f"'{key}' is missing"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("anchor", '"wedding"'),
        ("offset_days", '"-7"'),
        ("offset_days", "-7.0"),
        ("offset_days", "true"),
        ("at", '"10:00"'),
        ("at", "10"),
        ("message_class", '"urgent"'),
        ("late", '"whenever"'),
        ("latest", "-3"),
        ("texts", '"dated"'),
        ("after", '"recorded_mess"'),
        ("unless", '"attended"'),
        ("unless", '["attendet"]'),
        ("min_interval_days", '"long"'),
        ("to", '"husband"'),
        ("per_site", '"maybe"'),
        ("source", "7"),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(key: str, value: str) -> None:
    (problem,) = problems(BEFORE | {key: value})
    assert problem.startswith(f"'{key}")


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (BEFORE | {"ofset_days": "-7"}, "unknown key 'ofset_days'"),
        (BEFORE | {"approved_by": '"me"'}, "unknown key 'approved_by'"),
        (BEFORE | {"latest": "{ days = -3, at = 17:00:00, on = 1 }"}, "unknown key 'latest.on'"),
        (BEFORE | {"latest": "{ days = -3 }"}, "'latest.at' is missing"),
        (
            BEFORE | {"texts": texts('{ tier = "T0", whose = "self", text = "dated", key = "dated" }')},
            "unknown key 'texts.0.text'",
        ),
    ],
)
def test_an_unknown_key_is_named_with_its_place(step: dict[str, str], problem: str) -> None:
    assert problems(step) == [problem]


EARLY_MISS = "a miss cannot be recorded before the visit"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (BEFORE | {"id": '"Week before"'}, "'id' must be small letters, digits and _"),
        (BEFORE | {"source": '"  "'}, "'source' must say where the numbers come from"),
        (BEFORE | {"latest": "{ days = -8, at = 17:00:00 }"}, "'latest' comes before the step itself"),
        (BEFORE | {"latest": "{ days = -7, at = 09:59:59 }"}, "'latest' comes before the step itself"),
        (BEFORE | {"latest": "{ days = 1, at = 17:00:00 }"}, "a step before its date must not go after it"),
        (BEFORE | {"min_interval_days": "0"}, "'min_interval_days' must be 1 or more"),
        (
            without(AFTER, "after"),
            "a step after a visit needs 'after': nobody may be told that she missed what she attended",
        ),
        (BEFORE | {"after": '"recorded_miss"'}, EARLY_MISS),
        (AFTER | {"offset_days": "0"}, EARLY_MISS),
        (BEFORE | {"message_class": '"S"'}, "class S is not for a client (B, R1, R2, U)"),
        (BEFORE | {"message_class": '"A"'}, "class A is not for a client (B, R1, R2, U)"),
        (BEFORE | {"to": '"mentor"'}, "class R2 is not for a mentor (S)"),
        (BEFORE | {"late": '"send_now"'}, "'send_now' minds no hour, so it is for staff alone"),
    ],
)
def test_what_contradicts_itself_is_refused(step: dict[str, str], problem: str) -> None:
    assert problems(step) == [problem]


def test_a_text_to_a_mentor_may_go_at_once() -> None:
    assert problems(BEFORE | {"to": '"mentor"', "message_class": '"S"', "late": '"send_now"'}) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (text("datd"), "unknown text 'datd'"),
        (text("telling"), "text 'telling' tells more than T0 allows"),
        (text("dated", tier="none"), "text 'dated' tells more than none allows"),
        (text("tomorrow"), "text 'tomorrow' says tomorrow, which is not true -7 days from the date"),
    ],
)
def test_a_text_that_may_not_be_used_so_is_refused(row: str, problem: str) -> None:
    assert problem in problems(BEFORE | {"texts": texts(row)})


def test_one_mistake_is_said_once() -> None:
    rows = texts(text("dated"), text("datd", kinds='["anc"]'), text("datd", kinds='["pnc"]'))
    assert problems(BEFORE | {"texts": rows}) == ["unknown text 'datd'"]


DAY_BEFORE = BEFORE | {"offset_days": "-1", "latest": "{ days = -1, at = 17:00:00 }"}


def test_a_text_that_says_tomorrow_is_for_the_day_before() -> None:
    assert problems(DAY_BEFORE | {"texts": texts(text("tomorrow"))}) == []


def test_a_text_that_takes_anothers_place_tells_no_more_than_that() -> None:
    problem = "text 'telling' tells more than T0 allows"
    assert problems(DAY_BEFORE | {"texts": texts(text("tomorrow_or_telling"))}) == [problem]


def test_a_text_that_says_yesterday_is_for_the_day_after() -> None:
    says_yesterday = AFTER | {"texts": texts(text("yesterday"))}
    assert problems(says_yesterday | {"offset_days": "1"}) == []
    problem = "text 'yesterday' says yesterday, which is not true 2 days from the date"
    assert problems(says_yesterday | {"offset_days": "2"}) == [problem]


def test_a_text_that_can_be_untrue_needs_another_to_take_its_place() -> None:
    problem = "text 'tomorrow_or_never' says tomorrow, and there is no text to send when that is untrue"
    assert problems(DAY_BEFORE | {"texts": texts(text("tomorrow_or_never"))}) == [problem]


FOR_EVERY_KIND = "has no T0 text for self that fits every kind of visit"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ((text("dated", tier="T1"),), FOR_EVERY_KIND),
        ((text("dated", kinds='["anc"]'),), FOR_EVERY_KIND),
        ((text("dated"), text("dated")), "has 2 T0 texts for self (every kind), so none is chosen"),
        (
            (
                text("dated"),
                text("telling", tier="T1", kinds='["anc", "pnc"]'),
                text("dated", tier="T1", kinds='["pnc"]'),
            ),
            "has 2 T1 texts for self (pnc), so none is chosen",
        ),
    ],
)
def test_there_is_always_exactly_one_text_to_choose(rows: tuple[str, ...], problem: str) -> None:
    assert problems(BEFORE | {"texts": texts(*rows)}) == [problem]


def test_a_plan_that_forgets_the_child_is_refused() -> None:
    problem = "has no T0 text for child that fits every kind of visit"
    assert problems(BEFORE | {"texts": f"[{text('dated')}]"}) == [problem]


def test_everything_that_is_wrong_is_said_at_once_with_file_and_step() -> None:
    files = {
        "b.toml": toml(without(BEFORE, "late") | {"at": '"noon"'}, BEFORE | {"to": '"mentor"'}),
        "a.toml": toml(BEFORE, without(AFTER, "id") | {"colour": '"red"'}) + "\n[[stp]]\nid = 1",
        "c.toml": "[[step]\n",
        "d.toml": "# nothing yet",
    }
    found = read_plans(files, KNOWN)
    assert list(map(str, found)) == [
        "a.toml: unknown key 'stp'",
        "a.toml, #2: 'id' is missing",
        "a.toml, #2: unknown key 'colour'",
        "b.toml, week_before: 'at': Input should be a valid time",
        "b.toml, week_before: 'late' is missing",
        "c.toml: is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 7)",
        "d.toml: has no [[step]], [[task]], [[date]] or [[rung]]",
        "a.toml, week_before: this id is used more than once",
        "b.toml, week_before: class R2 is not for a mentor (S)",
        "b.toml, week_before: this id is used more than once",
    ]


NOTHING = "has no [[step]], [[task]], [[date]] or [[rung]]"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("step = []", NOTHING),
        ("# nothing", NOTHING),
        ("step = 3", "'step' must be written [[step]]"),
        ("[date]\nid = 'x'", "'date' must be written [[date]]"),
    ],
)
def test_a_file_needs_steps_of_some_kind(text: str, problem: str) -> None:
    assert read_plans({"plan.toml": text}, KNOWN) == [PlanError("plan.toml", "", problem)]


def test_a_step_that_is_no_table_is_named_by_its_place() -> None:
    (problem,) = read_plans({"plan.toml": "step = [3]"}, KNOWN)
    assert str(problem).startswith("plan.toml, #1: ")
