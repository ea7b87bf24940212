"""``khopotso client``: what an engineer does to one client's record, by her code."""

from uuid import UUID

import click

from config import wiring
from handlers.cli.parts import NotSo, opened, operator
from service.actions import merge as merging
from service.store import keys
from service.store.crypto import Vault
from service.store.erasures import Erasures, ErasuresUnusable, erase, list_in
from service.store.records import client_by_code
from service.store.transaction import Reading


@click.group()
def client() -> None:
    """One client's record: merge two that are one woman's, or erase her for good."""


@client.command()
@click.argument("kept")
@click.argument("merged")
def merge(kept: str, merged: str) -> None:
    """Put the record with the code MERGED into that with the code KEPT. It can be undone."""
    with opened() as everything:
        read = everything.store.read
        both = read(lambda reading: (_known(reading, kept), _known(reading, merged)))
        merge_id = everything.store.write(lambda tx: merging.merge(tx, *both), operator())
    if merge_id is None:
        raise NotSo("These are one record already, or one of them has ended.")
    click.echo(f"{merged} went into {kept}. To undo it: khopotso client unmerge {merge_id}")


@client.command()
@click.argument("merge_id", type=click.UUID)
def unmerge(merge_id: UUID) -> None:
    """Make two records again of those that a merge put together."""
    with opened() as everything:
        if not everything.store.write(lambda tx: merging.unmerge(tx, merge_id), operator()):
            raise NotSo("There is no such merge, or it was undone before.")
    click.echo("They are two records again.")


@client.command("erase")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_client(code: str, yes: bool) -> None:
    """Forget a client and her infants for good, now and after every restore. What is counted stays."""
    with opened() as everything:
        person_id = everything.store.read(lambda reading: _known(reading, code))
        if not yes:
            click.confirm(f"Erase client {code} for good? Nobody can undo it", abort=True)
        vault = Vault(keys.load(wiring.key_file(everything.settings)))
        erasures = Erasures(list_in(everything.settings.data_dir), vault)
        try:
            everything.store.write(lambda tx: erase(tx, erasures, person_id), operator())
        except ErasuresUnusable as error:
            raise NotSo(str(error)) from None
    click.echo(f"{code} is erased. Keep {erasures.path} with your backups: every restore reads it.")


def _known(reading: Reading, code: str) -> UUID:
    found = client_by_code(reading, code)
    if found is None:
        raise NotSo(f"There is no client {code!r}.")
    return found.id
