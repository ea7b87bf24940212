"""``khopotso backup`` and ``khopotso restore``."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from config import wiring
from config.settings import Settings
from handlers.cli.bars import bar
from handlers.cli.parts import NotSo, operator, plain_sentences
from handlers.cli.tables import show
from service.actions.restore import Report
from service.actions.restore import restore as bring_back
from service.store import backup as backups
from service.store import database, keys
from service.store.crypto import Vault
from service.store.envelope import BackupUnusable
from service.store.erasures import Erasure, Erasures, ErasuresUnusable, list_in
from service.store.store import Store

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_FILE
def backup(file: Path) -> None:
    """Write everything that the database holds into FILE, sealed. The service may go on working meanwhile.

    The key file is not in it. A file that exists is never overwritten.
    """
    with _in_sentences():
        settings = wiring.read_settings().settings
        with wiring.open_store(settings, wiring.the_clock(settings)) as store, bar("Writing") as watch:
            written = backups.write(store, file, watch)
        key_file = wiring.key_file(settings)
    click.echo(
        f"{file} holds {sum(written.rows.values())} rows as of {written.created_at:%Y-%m-%d %H:%M} UTC "
        f"({written.size:,} bytes).\n"
        f"The key file {key_file} is NOT in it, and nobody can open it without. Keep a copy of both, apart."
    )


@click.command()
@_FILE
@click.option(
    "--erasures",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another list of erasures, such as the lost machine's. May be given several times.",
)
def restore(file: Path, lists: tuple[Path, ...]) -> None:
    """Fill an empty database from a backup. Stop the old service first.

    Nothing is sent again: what may have gone out since the backup is held, and every site gets a task. People
    who were erased since are erased again. A damaged file is refused before anything is written.
    """
    if not file.exists():
        raise NotSo(f"There is no file {file}.")
    with _in_sentences():
        settings = wiring.read_settings().settings
        vault = Vault(keys.load(wiring.key_file(settings)))
        own = Erasures(list_in(settings.data_dir), vault)
        known = own.read()
        brought = _beyond(known, (Erasures(path, vault) for path in lists))
        if brought:
            own.note(brought)
        with _database_to_fill(settings, vault) as store, bar("Reading") as watch:
            report = bring_back(store, file, (*known, *brought), operator(), watch)
    _show(report)
    if not known and not brought:
        click.echo(
            f"There is no list of erasures at {own.path}. If people were erased on another machine since the "
            "backup, clear this database and restore again with that machine's list: --erasures LIST"
        )


def _beyond(known: tuple[Erasure, ...], lists: Iterable[Erasures]) -> tuple[Erasure, ...]:
    """What other lists hold and ours does not."""
    ours = {erasure.person_id for erasure in known}
    return tuple(erasure for one in lists for erasure in one.read() if erasure.person_id not in ours)


@contextmanager
def _database_to_fill(settings: Settings, vault: Vault) -> Iterator[Store]:
    """The database as it is, whatever its schema; a new SQLite file is for its owner's eyes only."""
    opened = database.connect(settings.database_address)
    with Store(opened, vault, wiring.the_clock(settings)) as store:
        database.assert_durable(opened)
        file = wiring.sqlite_file(settings)
        if file:
            file.chmod(0o600)
        yield store


def _show(report: Report) -> None:
    click.echo(
        f"{sum(report.rows.values())} rows are restored as of {report.backed_up_at:%Y-%m-%d %H:%M} UTC. "
        "What was recorded after that moment is lost; every site has a task that says so."
    )
    if report.erased:
        click.echo(f"People who had been erased since, and are again: {report.erased}.")
    if not report.held:
        click.echo("Nothing is held: no text was waiting, and no reminder was due.")
        return
    click.echo("Held, because it may have gone out since (reason: restored):")
    show(
        ("site", "reminders", "other texts"),
        [(held.site or "-", str(held.reminders), str(held.other_texts)) for held in report.held],
    )


@contextmanager
def _in_sentences() -> Iterator[None]:
    with plain_sentences():
        try:
            yield
        except (BackupUnusable, ErasuresUnusable) as error:
            raise NotSo(str(error)) from None
