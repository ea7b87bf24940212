"""``khopotso keys``: the key file."""

from pathlib import Path

import click

from handlers.cli.parts import plain_sentences
from service.store import keys as key_files


@click.group()
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
