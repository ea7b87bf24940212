"""``khopotso import``: caseload files into the service."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Final, TypeVar

import click

from handlers.cli.bars import bar
from handlers.cli.groups import Told
from handlers.cli.imports import show_imports, undo_import
from handlers.cli.parts import NotSo, Opened, opened
from handlers.files import read_file
from service.actions.compose import site_names
from service.domain.people import OPERATOR
from service.intake.attendance import AttendanceFile
from service.intake.clients import ClientFile
from service.intake.infants import InfantFile
from service.intake.place import Place
from service.intake.sheet import BadFile
from service.intake.taking import (
    FileKind,
    Manner,
    Match,
    Overtaken,
    Report,
    Rows,
    lines,
    read_rows,
    rehearse,
    take_in,
)
from service.intake.visits import VisitFile

RowT = TypeVar("RowT")
NewT = TypeVar("NewT")

NO_DISTRICT: Final = "Unassigned"
"""The district of sites that a file brings, until somebody says in which they are."""


@dataclass(frozen=True)
class _Wish:
    """What all four commands are told."""

    file: Path
    dry_run: bool
    partial: bool
    as_json: bool


@click.group("import", cls=Told)
def importing() -> None:
    """Take in caseload files (CSV or XLSX).

    Each file is taken whole or not at all. Rows that are known already change nothing, so the same file may
    be imported again; --dry-run shows whom they were found to be. An import can be taken back as a whole.
    """


importing.add_command(show_imports)
importing.add_command(undo_import)


def _wishes(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options that the four commands share, as one value."""

    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
    @click.option("--partial", is_flag=True, help="Take the good rows although there are bad ones.")
    @click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
    @wraps(command)
    def told(file: Path, dry_run: bool, partial: bool, as_json: bool, **rest: object) -> None:
        command(_Wish(file, dry_run, partial, as_json), **rest)

    return told


@importing.command()
@click.option("--create-sites", is_flag=True, help="Make the sites that do not exist yet.")
@click.option("--district", metavar="NAME", help=f"The district of new sites (otherwise {NO_DISTRICT}).")
@click.option("--welcome", is_flag=True, help="Send each new client a first text, if she agreed to texts.")
@_wishes
def clients(wish: _Wish, create_sites: bool, district: str | None, welcome: bool) -> None:
    """Enrol clients.

    Columns: phone, nickname, language, site, consent_sms, enrolled_on; and, where you have them,
    mentor_phone, kind, wording, phone_owner, phone_confirmed, consent_call, consent_visit, safe_from,
    safe_to, safe_days, born_on, sex, edd, register_no, enrolled_through.
    """
    if district is not None and not (create_sites and district.strip()):
        raise click.UsageError("--district NAME says where --create-sites makes sites; it needs both.")
    new_sites_in = (district or NO_DISTRICT) if create_sites else None
    _run(wish, lambda parts: ClientFile(_place(parts), new_sites_in, welcome))


@importing.command()
@_wishes
def visits(wish: _Wish) -> None:
    """Record dates of visits, and plan their reminders.

    Columns: client (code or phone), kind, date; and, where you have them, time, for (self or the nickname of
    her infant), days_supplied (handed out at a visit of today or before; until then, at one to come).
    """
    _run(wish, lambda parts: VisitFile(_place(parts)))


@importing.command()
@_wishes
def infants(wish: _Wish) -> None:
    """Enrol the infants of clients.

    Columns: mother (code or phone), nickname, born_on; and, where you have them, sex, risk, feeding,
    weaned_on.
    """
    _run(wish, lambda parts: InfantFile(_place(parts)))


@importing.command()
@_wishes
def attendance(wish: _Wish) -> None:
    """Record who came and who did not.

    Columns: client (code or phone), date, outcome (attended or missed); and, where you have it, next_date.
    """
    _run(wish, lambda parts: AttendanceFile(_place(parts)))


def _place(parts: Opened) -> Place:
    today = parts.programme.today(parts.store.clock.now())
    return Place(parts.programme, parts.settings.country, today, parts.store.read(site_names))


def _run(wish: _Wish, kind_of: Callable[[Opened], FileKind[RowT, NewT]]) -> None:
    """Read the file, take it in or rehearse it, and report; a refused row is exit code 1 unless asked for."""
    try:
        sheet = read_file(wish.file)
        with opened() as parts:
            kind = kind_of(parts)
            report = _carry_out(wish, parts, kind, read_rows(kind, sheet))
    except BadFile as error:
        raise NotSo(str(error)) from None
    except Overtaken as overtaken:
        raise NotSo(_broken_off(overtaken)) from None
    click.echo(_as_json(wish, report) if wish.as_json else "\n".join(_as_text(wish, report)))
    if report.problems and not wish.partial:
        click.get_current_context().exit(1)


def _broken_off(overtaken: Overtaken) -> str:
    if overtaken.stays is None:
        return (
            "The work was broken off, or somebody else is recording the same things; nothing of the file was "
            "taken. Import it again."
        )
    return (
        "The work was broken off, and something has happened already to what was taken until then. Import "
        "the file again to complete it, or see what stands against taking it back: "
        f"khopotso import undo {overtaken.stays}"
    )


def _carry_out(wish: _Wish, parts: Opened, kind: FileKind[RowT, NewT], rows: Rows[RowT]) -> Report:
    if wish.dry_run:
        return parts.store.read(lambda reading: rehearse(reading, kind, rows))
    manner = Manner.PARTIAL if wish.partial else Manner.ALL_OR_NOTHING
    with bar("Taking rows in") as watch:
        return take_in(parts.store, OPERATOR, kind, rows, manner, watch)


def _as_json(wish: _Wish, report: Report) -> str:
    return json.dumps(
        {
            "kind": report.kind,
            "dry_run": wish.dry_run,
            "read": report.read,
            "good": report.good,
            "taken": report.taken,
            "known": len(report.known),
            "refused": report.refused,
            "known_lines": report.known,
            "matches": [asdict(match) for match in report.matches],
            "problems": [
                {"line": problem.line, "column": problem.column or None, "reason": problem.reason}
                for problem in report.problems
            ],
            "notes": report.notes,
            "import_id": str(report.import_id) if report.import_id else None,
        }
    )


def _as_text(wish: _Wish, report: Report) -> Iterator[str]:
    for problem in report.problems:
        where = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
        yield f"{where}: {problem.reason}"
    yield from (f"note: {note}" for note in report.notes)
    if wish.dry_run:
        yield from (_match(match, report) for match in report.matches)
    if report.known:
        yield f"already known: {lines(report.known)}"
    yield (
        f"{_rows(report.read)} read: {report.taken} taken, {len(report.known)} already known, "
        f"{report.refused} refused."
    )
    yield from _outcome(wish, report)
    if report.import_id:
        yield f"To take it back: khopotso import undo {report.import_id}"


def _match(match: Match, report: Report) -> str:
    becomes = "nothing is changed" if match.line in report.known else "taken as somebody else"
    return f"line {match.line}: client {match.code} by {match.by}; {becomes}"


def _outcome(wish: _Wish, report: Report) -> Iterator[str]:
    if wish.dry_run:
        yield f"Nothing was written. {_rows(report.good)} would be taken."
    elif report.problems and not report.taken:
        yield "Nothing was taken. Mend these lines and import the file again" + (
            f", or take what is good ({_rows(report.good)}) with --partial." if report.good else "."
        )


def _rows(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"
