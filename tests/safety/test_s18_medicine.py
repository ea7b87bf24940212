"""S18: nobody is ever told to start, stop or change a medicine."""

from pathlib import Path
from uuid import UUID

import pytest

from service.texts.checking import problems
from tests.safety.place import Place, one_database

MEDICINE = ("pill", "medicine", "pilisi", "moriana", "meriana", "dose", "tablet")


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


@one_database
@pytest.mark.parametrize(
    "said", ["should I stop my medicine", "can I take more pills", "na nka emisa pilisi"]
)
def test_s18_nobody_is_told_to_start_stop_or_change_a_medicine(place: Place, woman: UUID, said: str) -> None:
    (answer,) = place.say(said)
    assert not [word for word in MEDICINE if word in answer.lower()]


def test_s18_words_that_order_a_medicine_are_a_problem_before_anything_starts(tmp_path: Path) -> None:
    for shipped in Path("templates_sms").glob("*.toml"):
        text = shipped.read_text(encoding="utf-8").replace("Stay well. {m}", "Take the drops twice. {m}")
        (tmp_path / shipped.name).write_text(text, encoding="utf-8")
    assert [problem for problem in problems(tmp_path) if problem.startswith("en.toml: weekly_ok: ")]
