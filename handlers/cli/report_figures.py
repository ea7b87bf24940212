"""``khopotso report enrolment``, ``eservices``, ``infant-tests``, ``absences``, ``costs`` and ``send``."""

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click

from handlers.cli.parts import NotSo, Opened, opened, plain_sentences
from handlers.cli.reading import Day
from handlers.cli.sheets import FORMATS, Sheet, write
from handlers.dhis2.mapping import BadMapping, Dhis2Mapping, read_mapping
from handlers.dhis2.payload import ValueSet, value_set
from handlers.dhis2.posting import Imported, NotImported, Server, post
from service.reports.figure_rows import COLUMNS, GROUPS, figure_rows, place_names
from service.reports.figures import (
    Counting,
    Figure,
    Level,
    Period,
    PeriodKind,
    period_of,
    read_period,
    shipped,
)
from service.reports.told_figures import told_figures

DHIS2: Final = "dhis2"
_ABOUT: Final = {
    "enrolment": "New clients, and those who were reached or enrolled through eServices.",
    "eservices": "Clients reached, contacts by mode, reminders, replies, attendance and safety.",
    "infant-tests": "Tests of exposed infants: first samples, 2, 9, 12 and 18 months, final outcomes.",
    "absences": "How many are away: missed, defaulter, interrupted, lost.",
    "costs": "Texts, their parts and their cost by gateway.",
}


def add_figures(report: click.Group) -> None:
    for name in GROUPS:
        report.add_command(_command(name))
    report.add_command(send)


def _command(name: str) -> click.Command:
    @click.command(name, help=f"{_ABOUT[name]}\n\nBy the rules of service/reports/indicators.toml.")
    @click.option("--period", metavar="PERIOD", help="2026-11, 2026Q4 or FY2027 (usually last month).")
    @click.option("--from", "first", type=Day(), help="The first day of a month.")
    @click.option("--to", "last", type=Day(), help="The last day of a month.")
    @click.option("--level", type=click.Choice([*Level]), help="Only of this level.")
    @click.option(
        "--format", "form", type=click.Choice((*FORMATS, DHIS2)), default="table", show_default=True
    )
    @click.option("--json", "form", flag_value="json", help="The same as --format json.")
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write.")
    def shown(
        period: str | None,
        first: date | None,
        last: date | None,
        level: str | None,
        form: str,
        out: Path | None,
    ) -> None:
        if form == "xlsx" and out is None:
            raise click.UsageError("Say which file to write: --out FILE.xlsx")
        with opened() as everything:
            periods = tuple(_periods(everything, period, first, last))
            if form == DHIS2:
                _write_dhis2(everything, name, periods, out)
            else:
                _write_rows(everything, name, periods, level, form, out)

    return shown


@click.command("send")
@click.option("--period", metavar="PERIOD", help="2026-11, 2026Q4 or FY2027 (usually last month).")
@click.option("--dry-run", is_flag=True, help="Let the DHIS2 say what it would do; it keeps nothing.")
def send(period: str | None, dry_run: bool) -> None:
    """Hand the figures of sites to a DHIS2, by the mapping file. Sending again overwrites.

    Needs KHOPOTSO_DHIS2_URL, KHOPOTSO_DHIS2_TOKEN and KHOPOTSO_DHIS2_MAPPING. Without a connection: report
    eservices --format dhis2 --out FILE, and upload the file by hand.
    """
    with opened() as everything:
        settings = everything.settings
        if not settings.dhis2_url or not settings.dhis2_token:
            raise NotSo("Set KHOPOTSO_DHIS2_URL and KHOPOTSO_DHIS2_TOKEN first.")
        (wanted,) = _periods(everything, period, None, None)
        found = _value_set(everything, None, wanted)
        server = Server(settings.dhis2_url, settings.dhis2_token.get_secret_value())
    _tell(post(server, found, dry_run=dry_run), found, dry_run)


def _tell(answer: Imported | NotImported, sent: ValueSet, dry_run: bool) -> None:
    if isinstance(answer, NotImported):
        raise NotSo(answer.why)
    done = "tried" if dry_run else "sent"
    click.echo(f"{len(sent.values)} values {done}, {sent.kept_back} small ones kept back.")
    click.echo(
        f"DHIS2 says {answer.status}: {answer.imported} imported, {answer.updated} updated, "
        f"{answer.ignored} ignored, {answer.deleted} deleted."
    )
    for conflict in answer.conflicts:
        click.echo(f"  {conflict}")
    if not answer.is_whole:
        raise NotSo("Not everything was taken. Mend the mapping or the data set, and send it again.")


def _periods(
    everything: Opened, period: str | None, first: date | None, last: date | None
) -> Iterator[Period]:
    """The period that is named, the one that two days enclose, or each month between them."""
    today = everything.programme.today(everything.parts.clock.now())
    if period and (first or last):
        raise click.UsageError("Say --period, or --from and --to.")
    if period:
        try:
            yield read_period(period)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    elif first or last:
        yield from _enclosed(first, last or today)
    else:
        yield period_of(PeriodKind.MONTH, today.replace(day=1) - timedelta(days=1))


def _enclosed(first: date | None, last: date) -> Iterator[Period]:
    begins = first or last.replace(day=1)
    for kind in (PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR):
        if (found := period_of(kind, begins)).first == begins and found.last == last:
            yield found
            return
    months = [period_of(PeriodKind.MONTH, begins)]
    while months[-1].last < last:
        months.append(period_of(PeriodKind.MONTH, months[-1].end))
    if (months[0].first, months[-1].last) != (begins, last):
        raise click.UsageError(
            "Figures are of whole months: --from the first day of one, --to the last of one."
        )
    yield from months


def _found(everything: Opened, ids: tuple[str, ...], period: Period) -> tuple[Figure, ...]:
    counting = Counting(shipped(), everything.programme.calendar.zone)
    return everything.store.read(lambda reading: told_figures(reading, counting, ids, period))


def _write_rows(
    everything: Opened, name: str, periods: tuple[Period, ...], level: str | None, form: str, out: Path | None
) -> None:
    found = [one for period in periods for one in _found(everything, GROUPS[name], period)]
    names = everything.store.read(place_names)
    rows = figure_rows(shipped(), names, (one for one in found if level in (None, one.place.level)))
    with plain_sentences():
        write(Sheet(name, COLUMNS, [astuple(row) for row in rows]), form, out)


def _write_dhis2(everything: Opened, name: str, periods: tuple[Period, ...], out: Path | None) -> None:
    if len(periods) != 1:
        raise click.UsageError("A file for DHIS2 is of one period.")
    content = json.dumps(_value_set(everything, name, periods[0]).as_json(), indent=1) + "\n"
    with plain_sentences():
        _output(out)(content)


def _output(out: Path | None) -> Callable[[str], object]:
    return out.write_text if out else lambda content: click.echo(content, nl=False)


def _value_set(everything: Opened, name: str | None, period: Period) -> ValueSet:
    """Of all that is mapped, or of one report."""
    try:
        mapping = _mapping(everything)
        wanted = tuple(
            {one.indicator for one in mapping.element} & set(GROUPS[name] if name else shipped().indicators)
        )
        found = _found(everything, wanted, period)
        names = everything.store.read(place_names)
        return value_set(mapping.of(wanted), shipped(), names, period, found)
    except BadMapping as error:
        raise NotSo(str(error)) from None


def _mapping(everything: Opened) -> Dhis2Mapping:
    path = everything.settings.dhis2_mapping
    if path is None:
        raise NotSo("Set KHOPOTSO_DHIS2_MAPPING to the mapping file; config/dhis2.example.toml shows one.")
    return read_mapping(path, shipped())
