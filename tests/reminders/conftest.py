"""The plans and the texts, as they ship."""

from importlib.resources import files

import pytest

from service.reminders.plan import KnownText, KnownTexts, Plan, Says
from service.reminders.reading import read_plans
from service.texts import load


@pytest.fixture(scope="session")
def known_texts() -> KnownTexts:
    english = load().by_language["en"].texts
    return {
        key: KnownText(key, text.wording, Says(text.says or Says.NONE), text.instead)
        for key, text in english.items()
        if not key.startswith("ussd.")
    }


@pytest.fixture(scope="session")
def plan_files() -> dict[str, str]:
    folder = files("scheduler.plans").iterdir()
    return {file.name: file.read_text("utf-8") for file in folder if file.name.endswith(".toml")}


@pytest.fixture(scope="session")
def plans(plan_files: dict[str, str], known_texts: KnownTexts) -> tuple[Plan, ...]:
    read = read_plans(plan_files, known_texts)
    assert isinstance(read, tuple), read
    return read


@pytest.fixture(scope="session")
def visits(plans: tuple[Plan, ...]) -> Plan:
    return next(plan for plan in plans if plan.name == "visits")
