"""``khopotso check``: every screen, text, plan and rule of counting, and all that is wrong with them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click

from config import wiring
from config.gateways import NAMES
from config.settings import Settings, SettingsError, load
from handlers.cli.answers import NotSo
from handlers.cli.parts import plain_sentences
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show_json
from service.menu import compiler
from service.menu.goals import GOALS
from service.menu.imagined import callers
from service.menu.screens import menu
from service.reminders.plan import Plan
from service.reminders.reading import read_plans
from service.reports.counting.definitions import WrongDefinitions, shipped
from service.reports.explained import TRANSLATED, explained
from service.reports.explained import problems as untold
from service.texts import Texts, WrongText
from service.texts import problems as faults_of_texts
from service.texts.files import read as read_texts


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong. ``what`` is text, screen, plan or figures."""

    what: str
    problem: str


@dataclass(frozen=True)
class LookedAt:
    """How much was looked at."""

    languages: int
    texts: int
    screens: int
    plans: int
    steps: int
    indicators: int


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def check(as_json: bool) -> None:
    """Look at every screen, text, plan and rule of counting; exit code 1 if anything is wrong.

    Does every screen fit and lead on, is every text whole, short and discreet, is every plan sound, and can
    figures be counted and explained by the rules? Needs no settings; looks at KHOPOTSO_PLANS_DIR and
    KHOPOTSO_TEXTS_DIR if they are set.
    """
    with plain_sentences():
        settings = load(NAMES)
    texts, _ = read_texts(settings.texts_dir)
    wrong = [*_texts(settings), *_screens(texts), *_plans(settings, texts), *_figures()]
    looked_at = _looked_at(settings, texts)
    if as_json:
        show_json({"ok": not wrong, "checked": asdict(looked_at), "problems": in_json(wrong)})
    else:
        _tell(wrong, looked_at)
    if wrong:
        raise click.exceptions.Exit(NotSo.exit_code)


def _texts(settings: Settings) -> Iterator[Wrong]:
    return (Wrong("text", fault) for fault in faults_of_texts(settings.texts_dir))


def _screens(texts: Texts) -> Iterator[Wrong]:
    """Every fault of the menu, in as far as its words can be read."""
    languages = {code: texts.name(code) for code in texts.languages}
    if not languages:
        return  # which is a fault of the texts
    try:
        faults = compiler.problems(menu(texts), callers(texts, languages), texts.gate.hits, GOALS)
    except WrongText as error:
        yield Wrong("screen", f"The screens cannot be tried: {error}")
        return
    for fault in faults:
        where = " ".join(filter(None, (fault.screen, fault.language))) or "menu"
        yield Wrong("screen", f"{where}: {fault.what}")


def _plans(settings: Settings, texts: Texts) -> Iterator[Wrong]:
    plans = _read(settings, texts)
    if isinstance(plans, list):
        yield from (Wrong("plan", fault) for fault in plans)


def _read(settings: Settings, texts: Texts) -> tuple[Plan, ...] | list[str]:
    try:
        contents = wiring.plan_files(settings)
    except SettingsError as error:
        return list(error.problems)
    if not texts.languages:
        return ()
    plans = read_plans(contents, wiring.known_texts(texts))
    return [str(fault) for fault in plans] if isinstance(plans, list) else plans


def _figures() -> Iterator[Wrong]:
    """The rules of counting, the age groups, and the rules in other languages."""
    try:
        rules = shipped()
        for language in TRANSLATED:
            for fault in untold(rules, explained(rules, language)):
                yield Wrong("figures", f"indicators.{language}.toml: {fault}")
    except WrongDefinitions as error:
        yield Wrong("figures", str(error))


def _indicators() -> int:
    try:
        return len(shipped().indicators)
    except WrongDefinitions:
        return 0


def _looked_at(settings: Settings, texts: Texts) -> LookedAt:
    plans = _read(settings, texts)
    sound = plans if isinstance(plans, tuple) else ()
    return LookedAt(
        languages=len(texts.languages),
        texts=sum(len(language.texts) for language in texts.by_language.values()),
        screens=len(menu(texts).table),
        plans=len(sound),
        steps=sum(len(plan.steps) for plan in sound),
        indicators=_indicators(),
    )


def _tell(wrong: list[Wrong], looked_at: LookedAt) -> None:
    for one in wrong:
        click.echo(f"{one.what}: {one.problem}")
    found = f"problems {len(wrong)}" if wrong else "nothing wrong"
    counts = ", ".join(f"{name} {count}" for name, count in asdict(looked_at).items())
    click.echo(f"{counts}: {found}.")
