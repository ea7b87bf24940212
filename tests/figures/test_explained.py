"""Whoever reads figures in Sesotho reads there what they mean, and that nobody has gone over it yet."""

from dataclasses import replace

import pytest

from service.reports.counting.definitions import WrongDefinitions
from service.reports.explained import Said, explained, problems, read
from service.reports.figures import shipped


def test_every_indicator_and_rule_is_explained_in_sesotho() -> None:
    told = explained(shipped(), "st")
    assert list(problems(shipped(), told)) == []
    assert told.review == "awaiting native review"
    english = explained(shipped(), "en")
    assert all(one != english.said[id_] for id_, one in told.said.items())


def test_a_translation_that_fell_behind_the_rules_is_noticed() -> None:
    told = explained(shipped(), "st")
    behind = replace(told, version="2026-01", said={**told.said, "OLD": Said("old", "old")})
    del behind.said["NEW"]  # type: ignore[attr-defined]
    assert list(problems(shipped(), behind)) == [
        f"It is of version 2026-01, and the rules are of {shipped().rules.version}.",
        "said: NEW is missing.",
        "said: the rules have no OLD.",
    ]


def test_a_translation_of_another_form_is_refused() -> None:
    with pytest.raises(WrongDefinitions, match="said"):
        read('version = "2026-11"\n[words]\n')
