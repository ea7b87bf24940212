"""``khopotso check``."""

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal


@pytest.fixture
def texts(terminal: Terminal, tmp_path: Path) -> Path:
    """A folder of texts of one's own."""
    return copied("templates_sms", tmp_path / "texts", terminal, "TEXTS_DIR")


@pytest.fixture
def plans(terminal: Terminal, tmp_path: Path) -> Path:
    """A folder of plans of one's own."""
    return copied("scheduler.plans", tmp_path / "plans", terminal, "PLANS_DIR")


def copied(package: str, to: Path, terminal: Terminal, setting: str) -> Path:
    with as_file(files(package)) as folder:
        shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    terminal.setting(setting, str(to))
    return to


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text()
    assert old in content
    file.write_text(content.replace(old, new))


def test_what_is_shipped_has_nothing_wrong(terminal: Terminal) -> None:
    assert "nothing wrong" in terminal.good("check")


def test_it_needs_no_settings_but_looks_at_the_folders_that_are_named(
    terminal: Terminal, texts: Path, plans: Path
) -> None:
    found = json.loads(terminal.good("check", "--json"))
    assert found["ok"] is True
    assert found["problems"] == []
    assert min(found["checked"].values()) > 0


def test_everything_that_is_wrong_is_told_at_once(terminal: Terminal, texts: Path, plans: Path) -> None:
    change(texts / "en.toml", "see you tomorrow", "see you at the clinic tomorrow")
    change(texts / "st.toml", "[sms.stop_ok]", "[sms.stop_okay]")
    change(texts / "en.toml", 'home = "', 'home = "' + "Welcome " * 15)
    change(plans / "visits.toml", "offset_days =", "day =")
    found = terminal.not_so("check")
    for wrong in (
        "text: en.toml: visit_d1: “clinic” may not be said",
        "text: st.toml: stop_ok: the text is missing",
        "screen: home en: It takes",
        "unknown key 'day'",
    ):
        assert wrong in found


def test_a_language_that_cannot_be_read_does_not_hide_the_rest(terminal: Terminal, texts: Path) -> None:
    (texts / "st.toml").write_text("[[")
    change(texts / "en.toml", "see you tomorrow", "see you at the clinic tomorrow")
    found = json.loads(terminal.type("check", "--json").stdout)
    assert found["ok"] is False
    assert [problem["problem"].split(":")[0] for problem in found["problems"][:2]] == ["st.toml", "en.toml"]


def test_a_missing_word_of_a_screen_is_told_without_a_traceback(terminal: Terminal, texts: Path) -> None:
    file = texts / "en.toml"
    change(file, "\nhome =", "\nhouse =")
    assert "ussd.home" in terminal.not_so("check")


@pytest.mark.parametrize("name", ["TEXTS_DIR", "PLANS_DIR"])
def test_a_folder_that_does_not_exist_is_told(terminal: Terminal, tmp_path: Path, name: str) -> None:
    terminal.setting(name, str(tmp_path / "nowhere"))
    assert "nowhere" in terminal.not_so("check")


def test_a_folder_without_a_plan_is_told(terminal: Terminal, tmp_path: Path) -> None:
    terminal.setting("PLANS_DIR", str(tmp_path))
    assert "there is no plan file" in terminal.not_so("check")
