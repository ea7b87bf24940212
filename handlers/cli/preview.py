"""``khopotso preview``: what somebody would get, before anybody gets it."""

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from config import logs, wiring
from config.clock import RealClock
from handlers.cli.foretelling import Foretelling, Wish
from handlers.cli.parts import plain_sentences
from handlers.cli.preview_wish import DAY, HER_OPTIONS, Her, Price, Priced, Word, asks_who_she_is
from handlers.cli.tables import show_json
from handlers.preview.page import Made, page
from handlers.preview.plain import in_plain_text
from handlers.preview.sheet import Forecast, Prices
from service.domain.message import Money
from service.domain.people import ClientKind
from service.preview.engine import Days, Engine, Watch
from service.preview.habits import Answers, Attends, Habits
from service.store.database import DatabaseUnusable
from service.store.keys import KeyFileError
from service.store.store import Store


@click.command(short_help="Show what somebody would get; nothing is stored or sent.")
@click.option("--from", "first", type=DAY, required=True, help="The first day.")
@click.option("--days", type=click.IntRange(1, 3660), required=True, help="How many days.")
@click.option("--client", "code", metavar="CODE", help="A client, by her records as they are now.")
@click.option("--all", "everybody", is_flag=True, help="The whole caseload: volume and cost by month.")
@click.option("--as", "kind", type=Word(ClientKind), help="Somebody who does not exist, of this kind.")
@asks_who_she_is
@click.option("--attends", type=Word(Attends), default="always", show_default=True, help="Comes to visits.")
@click.option("--answers", type=Word(Answers), default="always", show_default=True, help="Says how she is.")
@click.option("--price", "prices", type=Price(), multiple=True, help="Of a part: AMOUNT or GATEWAY=AMOUNT.")
@click.option("--currency", default="LSL", show_default=True, help="Of the prices.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="A page to print and sign.")
def preview(**typed: Any) -> None:
    """Let time pass on the engine that also sends, and show what would come of it.

    For --client CODE, for --all, or for somebody who does not exist: --as KIND and what describes her.
    It happens in a database of its own, which is gone afterwards: nothing is stored, and nothing is sent.
    """
    her = Her(**{name: typed.pop(name) for name in HER_OPTIONS})
    asked = Asked(**typed, her=her)
    _insist_on_one(asked, click.get_current_context())
    logs.configure(least=logging.ERROR)  # of what does not happen nothing is told but mistakes
    with plain_sentences():
        _show(asked, _foretold(asked))


@dataclass(frozen=True)
class Asked:
    """What was typed; ``her`` is read only where ``kind`` says that she does not exist."""

    first: date
    days: int
    code: str | None
    everybody: bool
    kind: ClientKind | None
    her: Her
    attends: Attends
    answers: Answers
    prices: tuple[Priced, ...]
    currency: str
    as_json: bool
    html: Path | None


def _insist_on_one(asked: Asked, context: click.Context) -> None:
    whom = (asked.code is not None, asked.everybody, asked.kind is not None)
    if sum(whom) != 1:
        raise click.UsageError("Say for whom: --client CODE, --as KIND, or --all.")
    typed = ParameterSource.COMMANDLINE
    described = [name for name in HER_OPTIONS if context.get_parameter_source(name) is typed]
    if described and asked.kind is None:
        raise click.UsageError(f"Only who does not exist (--as) can be described: {', '.join(described)}.")


def _foretold(asked: Asked) -> Forecast:
    configuration = wiring.read_settings()
    engine = wiring.preview_engine(configuration, wiring.read_programme(configuration))
    habits = Habits(asked.attends, asked.answers, asked.her.supply, asked.her.infant)
    days = Days(asked.first, asked.days)
    with _store(asked, configuration) as store, _progress(days) as watch:
        foretelling = Foretelling(engine, store, Wish(days, habits, _prices(asked, engine), watch))
        if asked.kind:
            return foretelling.of_persona(asked.her.persona(asked.kind, engine.programme))
        if store is None:
            raise RuntimeError("Records were asked for without a database.")
        return foretelling.of_client(store, asked.code) if asked.code else foretelling.of_everybody(store)


@contextmanager
def _store(asked: Asked, configuration: wiring.Configuration) -> Iterator[Store | None]:
    """The installation's records. Somebody who does not exist can do without."""
    with ExitStack() as opened:
        store: Store | None = None
        with suppress(DatabaseUnusable, KeyFileError) if asked.kind else nullcontext():
            clock = wiring.the_clock(configuration.settings)
            store = opened.enter_context(wiring.open_store(configuration.settings, clock))
        yield store


def _prices(asked: Asked, engine: Engine) -> Prices:
    """Raises ``click.UsageError`` for a gateway that is not used here."""
    prices = dict.fromkeys(engine.lines, Decimal()) if any(not gateway for gateway, _ in asked.prices) else {}
    for gateway, amount in asked.prices:
        if gateway and gateway not in engine.lines:
            raise click.UsageError(f"{gateway!r} is not used here; there are {', '.join(engine.lines)}.")
        prices |= dict.fromkeys([gateway] if gateway else engine.lines, amount)
    return {gateway: Money(amount, asked.currency) for gateway, amount in prices.items()}


@contextmanager
def _progress(days: Days) -> Iterator[Watch]:
    """A bar on the terminal while the days pass; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # slow to load, and not needed by a program
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        passing = bar.add_task("Letting time pass", total=days.number)

        def watch(moment: datetime) -> None:
            bar.update(passing, completed=(moment.date() - days.first).days)

        yield watch


def _show(asked: Asked, forecast: Forecast) -> None:
    if asked.html:
        today = RealClock().now().date()
        asked.html.write_text(page(forecast, Made(today, version("khopotso"))), "utf-8")
        click.echo(f"Written to {asked.html}.")
    elif asked.as_json:
        show_json(asdict(forecast))
    else:
        click.echo("\n".join(in_plain_text(forecast)))
