"""The plan of dated visits and the texts, as they ship."""

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
def visits_toml() -> str:
    return files("scheduler.plans").joinpath("visits.toml").read_text("utf-8")


@pytest.fixture(scope="session")
def visits(visits_toml: str, known_texts: KnownTexts) -> Plan:
    plans = read_plans({"visits.toml": visits_toml}, known_texts)
    assert isinstance(plans, tuple), plans
    return plans[0]
