"""``khopotso site``: the places that the service serves."""

from typing import assert_never
from uuid import UUID

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, opened, operator
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json, yes
from service.actions import sites
from service.actions.site_rules import Switching, switch_step, switches_of
from service.store.records import site_named
from service.store.transaction import Reading, Transaction

LONGEST_NAME = 100


@click.group(cls=Told)
def site() -> None:
    """The places that the service serves. A site sends nothing until it is activated."""


@site.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_sites(as_json: bool) -> None:
    """Show all sites."""
    with opened() as everything:
        rows = everything.store.read(sites.all_sites)
    if as_json:
        show_json(in_json(rows))
    else:
        show(("site", "district", "active"), [(row.name, row.district, yes(row.active)) for row in rows])


@site.command()
@click.argument("name")
@click.option("--district", required=True, help="The district that it lies in; a new one is made.")
def add(name: str, district: str) -> None:
    """Add a site."""
    for given in (name, district):
        if not given.strip() or len(given) > LONGEST_NAME or not given.isprintable():
            raise click.UsageError(f"Names have 1 to {LONGEST_NAME} letters.")
    with opened() as everything:
        added = everything.store.write(lambda tx: sites.add_site(tx, name, district), operator())
    if added is None:
        raise NotSo(f"There is a site {name!r} already.")
    click.echo(f"{name} is added. It sends nothing until: khopotso site activate {name!r}")


@site.command()
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="Every site.")
def activate(name: str | None, every: bool) -> None:
    """Let a site send, from now on."""
    if bool(name) == every:
        raise click.UsageError("Name one site, or say --all.")
    with opened() as everything:
        count = everything.store.write(lambda tx: _activate(tx, name), operator())
    click.echo(f"{name} may send now." if name else f"{count} sites may send now.")


def _activate(tx: Transaction, name: str | None) -> int:
    """The site of that name, or every one; how many."""
    chosen = [known_site(tx, name)] if name else [row.id for row in sites.all_sites(tx)]
    if not chosen:
        raise NotSo("There are no sites yet. Add one with: khopotso site add NAME --district DISTRICT")
    for site_id in chosen:
        sites.activate(tx, site_id)
    return len(chosen)


@site.command("steps")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_steps(name: str, as_json: bool) -> None:
    """Show which steps of the plans a site may turn, and which are on there."""
    with opened() as everything:
        rows = everything.store.read(
            lambda reading: list(switches_of(reading, everything.programme, known_site(reading, name)))
        )
    if as_json:
        show_json(in_json(rows))
    else:
        show(
            ("plan", "step", "on", "usually"),
            [(row.plan, row.step, yes(row.on), yes(row.usually)) for row in rows],
        )


@site.command()
@click.argument("name")
@click.argument("step")
@click.argument("turn", metavar="on|off", type=click.Choice(("on", "off")))
def switch(name: str, step: str, turn: str) -> None:
    """Turn a STEP of a plan on or off for a site, such as a test that is not done there."""
    with opened() as everything:
        came = everything.store.write(
            lambda tx: switch_step(tx, everything.programme, known_site(tx, name), step, is_on=turn == "on"),
            operator(),
        )
    _tell(came, name, step, turn)


def _tell(came: Switching, name: str, step: str, turn: str) -> None:
    which = f"Those that a site may turn: khopotso site steps {name!r}"
    match came:
        case Switching.DONE:
            click.echo(f"{step} is {turn} at {name} from now on; everybody there is planned anew.")
        case Switching.NO_CHANGE:
            click.echo(f"{step} was {turn} at {name} already.")
        case Switching.NO_SUCH_STEP:
            raise NotSo(f"No plan has a step {step!r}. {which}")
        case Switching.ALWAYS_ON:
            raise NotSo(f"{step!r} is on everywhere. {which}")
        case _:
            assert_never(came)


def known_site(reading: Reading, name: str) -> UUID:
    """The site of that name. Raises ``NotSo`` with those that there are."""
    found = site_named(reading, name)
    if found is None:
        known = ", ".join(row.name for row in sites.all_sites(reading)) or "none yet"
        raise NotSo(f"There is no site {name!r}. There are: {known}.")
    return found
