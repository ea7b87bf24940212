"""``khopotso doctor``: is this installation well?"""

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from config import wiring
from config.settings import SettingsError
from handlers.cli.answers import NotSo
from handlers.cli.findings import Finding, State, findings, note, ok, problem
from handlers.cli.parts import Opened, plain_sentences
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show_json
from service.store import keys


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def doctor(as_json: bool) -> None:
    """Look at settings, keys, database, clock, gateways and more; exit code 1 if something must be mended."""
    found = list(_look())
    well = all(finding.state is not State.PROBLEM for finding in found)
    if as_json:
        show_json({"ok": well, "findings": in_json(found)})
    else:
        for finding in found:
            click.echo(f"{finding.state:8} {finding.what}: {finding.sentence}")
            if finding.mend:
                click.echo(f"{'':8} -> {finding.mend}")
    if not well:
        raise click.exceptions.Exit(NotSo.exit_code)


def _look() -> Iterator[Finding]:
    """Everything, in the order in which it must be mended: without settings nothing else can be looked at."""
    try:
        configuration = wiring.read_settings()
    except SettingsError as error:
        yield from (problem("settings", sentence) for sentence in error.problems)
        return
    yield ok("settings", "All of them can be used.")
    found = [_tried(what, look, configuration) for what, look in _BEFORE_OPENING]
    yield from (*found, *_files(configuration))
    if any(finding.state is State.PROBLEM for finding in found):
        return
    try:
        with plain_sentences(), wiring.open_parts(configuration) as parts:
            yield from findings(Opened(parts, configuration.settings, configuration))
    except NotSo as error:
        yield problem("database", error.message)


def _tried(
    what: str, look: Callable[[wiring.Configuration], str], configuration: wiring.Configuration
) -> Finding:
    try:
        with plain_sentences():
            return ok(what, look(configuration))
    except NotSo as error:
        return problem(what, error.message)


def _words(configuration: wiring.Configuration) -> str:
    programme = wiring.read_programme(configuration)
    return f"{len(programme.plans)} plans, languages {', '.join(programme.texts.languages)}."


def _keys(configuration: wiring.Configuration) -> str:
    file = wiring.key_file(configuration.settings)
    keys.load(file)
    return f"{file} is whole, and for its owner's eyes only."


def _database(configuration: wiring.Configuration) -> str:
    opened = wiring.open_database(configuration.settings)
    opened.close()
    return f"{opened.url.get_backend_name()}, at this version, and what is committed survives a power cut."


_BEFORE_OPENING = (("texts and plans", _words), ("keys", _keys), ("database", _database))


def _files(configuration: wiring.Configuration) -> Iterator[Finding]:
    """Where the secrets and the database lie."""
    database = wiring.sqlite_file(configuration.settings)
    key_file = configuration.settings.key_file
    if database is None or not database.exists():
        return
    if database.stat().st_mode & 0o077:
        yield problem("database", f"{database} is readable by others.", f"chmod 600 {database}")
    if key_file and _same_folder(key_file, database):
        yield note(
            "keys", "The key file lies beside the database: who copies one has both.", "Keep it elsewhere."
        )


def _same_folder(one: Path, other: Path) -> bool:
    return one.absolute().parent == other.absolute().parent
