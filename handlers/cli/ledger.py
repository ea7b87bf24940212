"""``khopotso ledger``: does everything that was planned add up?"""

from dataclasses import fields
from typing import Any

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, opened
from handlers.cli.tables import show, show_json
from service.actions.prove import Balance, Proof, prove


@click.group(cls=Told)
def ledger() -> None:
    """What was planned, and what became of it."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def check(as_json: bool) -> None:
    """Ask the plans anew what should be planned, and hold it against what is; exit code 1 at a gap.

    For each site and plan: planned = ended + to come. Missing are rows and visits that a plan asks for, extra
    those that none does, stuck those whose last moment passed undecided, nobody's those handed to no person.
    """
    with opened() as everything:
        proof = everything.store.read(lambda reading: prove(reading, everything.programme))
    if as_json:
        show_json(_as_json(proof))
    else:
        _show(proof)
    if not proof.holds:
        raise click.exceptions.Exit(NotSo.exit_code)


def _as_json(proof: Proof) -> dict[str, Any]:
    rows = [{**_cells(one), "holds": one.holds} for one in proof.balances]
    return {"day": proof.day, "holds": proof.holds, "behind": proof.behind, "balances": rows}


def _cells(one: Balance) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _show(proof: Proof) -> None:
    columns = [field.name.replace("_", " ") for field in fields(Balance)]
    rows = [(*map(str, _cells(one).values()), "yes" if one.holds else "NO") for one in proof.balances]
    show((*columns, "holds"), rows)
    if proof.behind:
        click.echo(f"Clients whose plans were not gone through by yesterday: {proof.behind}.")
    click.echo("It adds up." if proof.holds else "It does not add up.")
