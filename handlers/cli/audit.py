"""``khopotso audit``: the record of who did what."""

from uuid import UUID

import click

from config import wiring
from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, plain_sentences
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show_json
from service.store import audit_seals
from service.store.audit_seals import Checked


@click.group(cls=Told)
def audit() -> None:
    """The record of who did what, which a worker puts under seals."""


@audit.command()
@click.option("--seal", type=click.UUID, help="A seal that was the last one at an earlier check.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(seal: UUID | None, as_json: bool) -> None:
    """Hold every row against its seal; exit code 1 if one was changed, added, removed or moved.

    Whoever takes the newest rows away together with their seals is found out only with --seal: keep the last
    seal that this command names somewhere else.
    """
    with plain_sentences():
        settings = wiring.read_settings().settings
        with wiring.open_store(settings, wiring.the_clock(settings)) as store:
            checked = store.read(lambda reading: audit_seals.check(reading, seal))
    if as_json:
        show_json({"ok": not checked.wrong, **in_json([checked])[0]})
    else:
        click.echo(_in_words(checked))
    if checked.wrong:
        raise NotSo("\n  ".join(("The audit is not as it was written:", *checked.wrong)))


def _in_words(checked: Checked) -> str:
    said = f"{checked.rows} rows under {checked.seals} seals are as they were written."
    if checked.unsealed:
        said += f" {checked.unsealed} rows are not sealed yet; a worker does that every minute."
    if checked.last:
        said += (
            f"\nThe last seal is {checked.last}: keep it elsewhere, and give it to a later check with --seal."
        )
    return said
