"""``config/example.env`` tells every setting, its default, and what it is for."""

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from config.settings import PREFIX, Settings, load
from handlers.gateways import GATEWAYS

EXAMPLE = Path(__file__).parent.parent.parent / "config" / "example.env"
NAMES = [definition.name for definition in GATEWAYS]


def documented() -> dict[str, str]:
    """Name and default of each setting in the file."""
    return dict(re.findall(r"^#(KHOPOTSO_\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))


def of_gateways() -> dict[str, FieldInfo]:
    return {
        f"{PREFIX}{definition.name}_{field.alias or name}".upper(): field
        for definition in GATEWAYS
        for name, field in definition.settings.model_fields.items()
    }


def test_it_tells_every_setting_and_no_other() -> None:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | of_gateways().keys()
    assert documented().keys() == known


def test_each_is_told_once_with_a_sentence_in_front() -> None:
    lines = EXAMPLE.read_text().splitlines()
    names = [line.split("=")[0] for line in lines if line.startswith("#KHOPOTSO_")]
    assert len(set(names)) == len(names)
    before = [lines[place - 1] for place, line in enumerate(lines) if line.startswith("#KHOPOTSO_")]
    assert not [line for line in before if not re.fullmatch(r"# .*[.!]|# .*khopotso keys create FILE", line)]


def test_nothing_is_set_before_somebody_does() -> None:
    assert not [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]


def test_its_defaults_are_those_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in documented().items():
        monkeypatch.setenv(name, value)
    assert load(NAMES) == Settings()
    for name in documented():
        monkeypatch.delenv(name)
    assert load(NAMES) == Settings()


@pytest.mark.parametrize("name", sorted(of_gateways()))
def test_its_defaults_are_those_of_the_gateways(name: str) -> None:
    default = of_gateways()[name].get_default()
    none_is_given = of_gateways()[name].is_required() or default is None or default == ()
    assert documented()[name] == ("" if none_is_given else str(default))
