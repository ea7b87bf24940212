"""``khopotso db``: the database's schema."""

import click

from config import wiring
from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, plain_sentences
from handlers.cli.tables import show_json


@click.group(cls=Told)
def db() -> None:
    """Bring the database to this version of the program."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it to this version. Running it again changes nothing."""
    with plain_sentences():
        settings = wiring.read_settings().settings
        wiring.upgrade(settings)
        has, _ = wiring.schema(settings)
    click.echo(f"The database is at schema {has}.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def current(as_json: bool) -> None:
    """Say which schema the database has; exit code 1 if it is not the one that this program needs."""
    with plain_sentences():
        has, needs = wiring.schema(wiring.read_settings().settings)
    if as_json:
        show_json({"has": has, "needs": needs})
    else:
        click.echo(f"The database is at schema {has or 'none'}; this program needs {needs}.")
    if has != needs:
        raise NotSo("Bring it to this version with: khopotso db upgrade")
