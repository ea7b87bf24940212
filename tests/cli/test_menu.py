"""``khopotso menu`` draws and prints every screen."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from handlers.cli.drawing import draw
from handlers.cli.printing import menu as command
from service.menu.screens import SCREENS
from tests.menu.test_cards import drawn

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("menu") / "for review"
    done = CliRunner().invoke(command, [str(made)])
    assert (done.exit_code, done.exception) == (0, None)
    return made


@pytest.mark.parametrize("language", ["en", "st"])
def test_the_diagram_names_every_screen(folder: Path, language: str) -> None:
    drawn = ElementTree.parse(folder / f"menu.{language}.svg")
    said = {text.text for text in drawn.iter(f"{SVG}text")}
    assert set(SCREENS) <= said


def test_the_booklet_holds_every_screen_as_a_phone_shows_it(folder: Path) -> None:
    booklet = (folder / "menu.html").read_text("utf-8")
    assert booklet.count("<section>") == len(drawn())
    assert "1 My next date" in booklet
    assert "1 Letsatsi la ka" in booklet


def test_the_booklet_needs_nothing_but_itself(folder: Path) -> None:
    booklet = (folder / "menu.html").read_text("utf-8")
    assert not [word for word in ("http", "src=", "<script", "<link") if word in booklet]


@pytest.mark.parametrize("language", ["en", "st"])
def test_no_card_lies_on_another(language: str) -> None:
    from_the_left: dict[int, list[tuple[int, int]]] = {}
    for one in draw(drawn(), language).cards:
        from_the_left.setdefault(one.x, []).append((one.y, one.y + one.height))
    for column in from_the_left.values():
        column.sort()
        assert all(before[1] < after[0] for before, after in pairwise(column))


@pytest.mark.parametrize("name", ["menu.en.svg", "menu.st.svg", "menu.html"])
def test_what_lies_in_the_documents_is_the_menu_as_it_is(folder: Path, name: str) -> None:
    kept = Path(__file__).parents[2] / "docs" / "menu" / name
    written = (folder / name).read_text("utf-8")
    assert kept.read_text("utf-8") == written, "Write it anew with: khopotso menu docs/menu"
