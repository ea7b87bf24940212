"""``khopotso report``: tables of what the service did."""

from collections.abc import Callable, Iterable
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from functools import wraps
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from handlers.cli.groups import Told
from handlers.cli.parts import Opened, opened, plain_sentences
from handlers.cli.reading import Day
from handlers.cli.report_figures import add_figures
from handlers.cli.report_frozen import freeze, restated
from handlers.cli.sheets import FORMATS, Cell, Sheet, write
from service.reports import absences, deliveries, funnel, tasks

USUAL_DAYS = 7

_Row = absences.Absent | deliveries.Delivery | tasks.TaskRow


@click.group(cls=Told)
def report() -> None:
    """Tables of what the service did. Never a number, a name or a text."""


def _wishes(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all reports share. Days are local, and both ends are included."""

    @click.option("--from", "first", type=Day(), help="The first day.")
    @click.option("--to", "last", type=Day(), help="The last day (usually today).")
    @click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
    @click.option("--json", "form", flag_value="json", help="The same as --format json.")
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write.")
    @wraps(command)
    def told(first: date | None, last: date | None, form: str, out: Path | None) -> None:
        if form == "xlsx" and out is None:
            raise click.UsageError("Say which file to write: --out FILE.xlsx")
        command(first, last, form, out)

    return told


add_figures(report)
report.add_command(freeze)
report.add_command(restated)


@report.command("deliveries")
@_wishes
def show_deliveries(first: date | None, last: date | None, form: str, out: Path | None) -> None:
    """What became of each message that was due in these days (usually the last seven)."""
    with opened() as everything:
        since, until = _between(everything, first, last)
        found = everything.store.read(lambda reading: deliveries.deliveries(reading, since, until))
    _write("deliveries", deliveries.COLUMNS, found, everything, form, out)


@report.command("tasks")
@_wishes
def show_tasks(first: date | None, last: date | None, form: str, out: Path | None) -> None:
    """What people were asked to do in these days (usually the last seven), and what came of it."""
    with opened() as everything:
        since, until = _between(everything, first, last)
        found = everything.store.read(lambda reading: tasks.tasks(reading, since, until))
    _write("tasks", tasks.COLUMNS, found, everything, form, out)


@report.command("missed")
@_wishes
def show_missed(first: date | None, last: date | None, form: str, out: Path | None) -> None:
    """Who has not come: missed 1 to 7 days ago, defaulter 8 to 89, lost 90 and more; interrupted after 28.

    Of everybody who was expected since --from and before --to (usually today), by what is known now.
    """
    with opened() as everything:
        on = last or _today(everything)
        if first and first > on:
            raise click.UsageError("--from is after --to.")
        found = everything.store.read(lambda reading: absences.absences(reading, on))
    wanted = [one for one in found if first is None or one.expected_on >= first]
    _write("missed", absences.COLUMNS, wanted, everything, form, out)


@report.command("screens")
@_wishes
def show_screens(first: date | None, last: date | None, form: str, out: Path | None) -> None:
    """How often each screen was shown, answered and left hanging (usually the last seven days)."""
    with opened() as everything:
        since, until = _between(everything, first, last)
        found = everything.store.read(lambda reading: funnel.funnel(reading, since, until))
    rows: list[list[Cell]] = [
        [one.screen, one.entered, one.left, one.ended, one.dropped, one.answered_ms] for one in found
    ]
    with plain_sentences():
        write(Sheet("screens", funnel.COLUMNS, rows), form, out)


def _between(everything: Opened, first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """The moments at which the first day begins and the last one ends."""
    zone = everything.programme.calendar.zone
    last = last or _today(everything)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise click.UsageError("--from is after --to.")
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _today(everything: Opened) -> date:
    return everything.programme.today(everything.parts.clock.now())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _write(
    name: str, columns: tuple[str, ...], rows: Iterable[_Row], everything: Opened, form: str, out: Path | None
) -> None:
    """Rows are dataclasses with a field for each column."""
    zone = everything.programme.calendar.zone
    with plain_sentences():
        write(Sheet(name, columns, [_cells(row, zone) for row in rows]), form, out)


def _cells(row: _Row, zone: ZoneInfo) -> list[Cell]:
    return [_cell(value, zone) for value in astuple(row)]


def _cell(value: object, zone: ZoneInfo) -> Cell:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, int) else str(value)
