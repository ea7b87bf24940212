"""``khopotso keys``: the key file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Final

import click

from config import wiring
from handlers.cli.bars import bar
from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, operator, plain_sentences
from service.actions import rotation
from service.actions.rotation import Installation
from service.store import keys as key_files
from service.store.crypto import Tampered
from service.store.database import machines_beside
from service.store.erasures import Erasures, ErasuresUnusable, list_in

SETTLED_AFTER: Final = 8 * key_files.LOOK_EVERY
"""Seconds after which every process works with a key file that was changed."""


@click.group(cls=Told)
def keys() -> None:
    """The key file, without which nobody can read the database."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
def create(file: Path) -> None:
    """Make a new key file, readable by its owner only. A file that exists is never overwritten."""
    with plain_sentences():
        key_files.create(file)
    click.echo(
        f"{file.absolute()} is made. Name it in the settings: KHOPOTSO_KEY_FILE={file.absolute()}\n"
        "Keep a copy in a safe place, away from the database: whoever loses the key file loses the data."
    )


@keys.command()
def rotate() -> None:
    """Put a new key in the place of the one in use, while the service works.

    It may be stopped at any moment and started again. The old key stays in the file, to open what is not done
    yet and older backups, until it is removed.
    """
    with _installation() as here:
        if not rotation.is_prepared(here):
            rotation.prepare(here)
            _tell_others(here)
        with bar("Sealing anew") as watch:
            rotation.rotate(here, lambda done: watch(done, None))
        newest, *older = (key.id for key in here.file.ring().keys)
    click.echo(
        f"Everything is sealed with the key {newest}.\n"
        f"Copy {here.file.path} to its safe place now: the copy there cannot open what is written since.\n"
        f"Nothing in the database needs {', '.join(older)} any more, but backups until today do. "
        f"Once you keep none of them: khopotso keys remove {older[-1]}"
    )


def _tell_others(here: Installation) -> None:
    """Whoever lacks a key that others write with takes nothing in, so all must have it first."""
    elsewhere = here.store.read(lambda reading: machines_beside(reading.connection))
    if elsewhere:
        raise NotSo(
            f"A new key is in {here.file.path}, and nothing is sealed with it yet. Other machines use this "
            f"database: {', '.join(elsewhere)}. Copy the file to each of them, and then run this again."
        )


@keys.command()
@click.argument("key")
@click.option("--with-secrets", is_flag=True, help="Even if PINs and passwords stop working by it.")
def remove(key: str, with_secrets: bool) -> None:
    """Take an old KEY out of the key file, so that it opens nothing any more here.

    Backups that were made with it can then be opened only with a copy of the file as it is now.
    """
    with _installation() as here:
        _insist_on_old(here, key)
        rotation.renew(here, lambda _: None)
        used = here.store.read(rotation.in_use)
        if used.values:
            raise NotSo(f"{used.values} values are still sealed with an older key; try again.")
        if used.secrets and not with_secrets:
            raise NotSo(
                f"{used.secrets} PINs and passwords were set before the last rotation, and can be checked "
                "with an older key only. Give their owners new ones (khopotso staff reset NAME), or remove "
                "the key all the same with --with-secrets."
            )
        rotation.remove(here, key)
    click.echo(f"The key {key} is removed from {here.file.path}. Replace the copy in its safe place as well.")


def _insist_on_old(here: Installation, key: str) -> None:
    ring = here.file.ring()
    if key not in ring.ids:
        raise NotSo(f"The key file has no key {key!r}; it has {', '.join(one.id for one in ring.keys)}.")
    if key == ring.newest.id:
        raise NotSo(f"{key} is the key in use. Put another in its place first: khopotso keys rotate")
    if here.store.read(rotation.is_under_way):
        raise NotSo("A rotation was begun and is not finished. Finish it: khopotso keys rotate")
    with wiring.open_spool(wiring.read_settings().settings, here.store.vault) as spool:
        if waiting := spool.count():
            raise NotSo(f"{waiting} texts wait in the spool. Let a worker or a server take them in first.")


@contextmanager
def _installation() -> Iterator[Installation]:
    with plain_sentences(), _in_sentences():
        settings = wiring.read_settings().settings
        file = key_files.KeyFile(wiring.key_file(settings))
        with wiring.open_store(settings, wiring.the_clock(settings)) as store:
            erasures = Erasures(list_in(settings.data_dir), store.vault)
            yield Installation(store, file, erasures, lambda: sleep(SETTLED_AFTER), operator())


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except ErasuresUnusable as error:
        raise NotSo(str(error)) from None
    except Tampered as error:
        raise NotSo(
            f"A sealed value is not as it was written: {error}. Nothing behind it was changed."
        ) from None
