"""``khopotso menu``: the whole menu on paper, as a diagram and as a booklet to read, mark and sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from re import sub
from typing import Final

import click
from jinja2 import Environment, PackageLoader, StrictUndefined

from config.gateways import NAMES
from config.settings import load
from handlers.cli.drawing import HEAD, ROW, WIDTH, draw
from handlers.cli.parts import plain_sentences
from service import gsm
from service.domain.effects import Effect
from service.menu.cards import Card, cards
from service.menu.compiler import key_presses
from service.menu.goals import CLIENTS_GOALS, STAFFS_GOALS, Goal
from service.menu.imagined import callers
from service.menu.paging import PREFIX
from service.menu.screens import menu as screens
from service.menu.walk import walk
from service.texts import Texts
from service.texts import load as load_texts

DIAGRAM: Final = "menu.{}.svg"
BOOKLET: Final = "menu.html"


@dataclass(frozen=True)
class _Language:
    code: str
    name: str


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def menu(folder: Path) -> None:
    """Write every screen of the menu into FOLDER, to be read, signed and hung on a wall.

    A diagram for each language (menu.en.svg), and a booklet with all languages side by side (menu.html).
    """
    with plain_sentences():
        settings = load(NAMES)
        texts = load_texts(settings.texts_dir)
    folder.mkdir(parents=True, exist_ok=True)
    languages = tuple(_Language(code, texts.name(code)) for code in texts.languages)
    drawn = cards(screens(texts), callers(texts, {one.code: one.name for one in languages}))
    files = {DIAGRAM.format(one.code): _diagram(drawn, one) for one in languages}
    files[BOOKLET] = _booklet(drawn, languages, settings.ussd_code, _goals(texts, languages))
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
        click.echo(folder / name)


@dataclass(frozen=True)
class Counted:
    """The goals of some callers, each with the fewest keys that lead there."""

    whose: str
    keys: tuple[tuple[Goal, int | None], ...]


def _goals(texts: Texts, languages: Sequence[_Language]) -> tuple[Counted, ...]:
    names = {one.code: one.name for one in languages}
    walks = [walk(screens(texts), facts) for facts in callers(texts, names)]
    return tuple(
        Counted(whose, tuple((goal, key_presses(walks, goal)) for goal in goals))
        for whose, goals in (("a client", CLIENTS_GOALS), ("a Mentor Mother", STAFFS_GOALS))
    )


def _diagram(drawn: Sequence[Card], language: _Language) -> str:
    template = _templates().get_template("menu.svg.j2")
    drawing = draw(drawn, language.code)
    return template.render(drawing=drawing, language=language.name, width=WIDTH, head=HEAD, line_height=ROW)


def _booklet(
    drawn: Sequence[Card],
    languages: Sequence[_Language],
    code: str,
    goals: Sequence[Counted],
) -> str:
    return (
        _templates()
        .get_template("booklet.html.j2")
        .render(
            cards=drawn, languages=languages, names=[one.name for one in languages], code=code, goals=goals
        )
    )


def _templates() -> Environment:
    known = Environment(
        loader=PackageLoader("handlers.cli", "printed"), autoescape=True, undefined=StrictUndefined
    )
    known.globals["septets"] = _septets
    known.filters["in_words"] = _in_words
    return known


def _septets(text: str) -> int:
    return gsm.measure(PREFIX + text).units


def _in_words(effect: type[Effect]) -> str:
    """``ConfirmVisit`` is "confirm visit"."""
    return sub(r"(?<!^)(?=[A-Z])", " ", effect.__name__).lower()
