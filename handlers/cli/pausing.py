"""``khopotso pause`` and ``resume``: the stop button."""

from collections.abc import Callable

import click

from handlers.cli.parts import NotSo, Opened, opened, operator
from handlers.cli.sites import known_site
from handlers.cli.tables import show, show_json
from service.actions import pause as button
from service.actions.held import held
from service.actions.pause import EVERYTHING, Covered, PauseRow, PauseScope
from service.actions.sites import all_sites
from service.store.transaction import Reading

LONGEST_WHY = 400


def _covered(command: Callable[..., None]) -> Callable[..., None]:
    for option, what in (("--gateway", "gateway"), ("--plan", "plan"), ("--site", "site")):
        command = click.option(option, metavar="NAME", help=f"This {what} alone.")(command)
    return command


@click.command()
@_covered
@click.option("--why", default="", help="For those who find it paused.")
@click.option("--list", "only_list", is_flag=True, help="Change nothing; show what is paused.")
@click.option("--json", "as_json", is_flag=True, help="Show what is paused as JSON.")
def pause(
    site: str | None, plan: str | None, gateway: str | None, why: str, only_list: bool, as_json: bool
) -> None:
    """Stop texts from leaving: all of them, or those of one site, plan or gateway. Lasts until resume."""
    if len(why) > LONGEST_WHY:
        raise click.UsageError(f"Say why in at most {LONGEST_WHY} letters.")
    with opened() as everything:
        if not only_list:
            covered = _chosen(everything, site, plan, gateway)
            everything.store.write(lambda tx: button.pause(tx, covered, why), operator())
        _show(everything, as_json)


@click.command()
@_covered
def resume(site: str | None, plan: str | None, gateway: str | None) -> None:
    """End a pause, with the same words. Other pauses stay as they are.

    What fell due meanwhile does not leave at once: it is held until you let it go (khopotso held).
    """
    with opened() as everything:
        covered = _chosen(everything, site, plan, gateway)
        if not everything.store.write(lambda tx: button.resume(tx, covered), operator()):
            raise NotSo("That is not paused; see what is: khopotso pause --list")
        _show(everything, as_json=False)
        _tell_of_held(everything)


def _tell_of_held(everything: Opened) -> None:
    groups = everything.store.read(held)
    if groups:
        click.echo(
            f"Held until you decide: {sum(group.count for group in groups)} reminders and texts. "
            "See them: khopotso held list. "
            "Let them go, a few a minute: khopotso held release. Or none of them: khopotso held discard."
        )


def _chosen(everything: Opened, site: str | None, plan: str | None, gateway: str | None) -> Covered:
    if sum(name is not None for name in (site, plan, gateway)) > 1:
        raise click.UsageError("Name one site, plan or gateway at a time, or nothing for everything.")
    if site is not None:
        return Covered(PauseScope.SITE, str(everything.store.read(lambda reading: known_site(reading, site))))
    if plan is not None:
        return Covered(PauseScope.PLAN, known_plan(everything, plan))
    if gateway is not None:
        return Covered(PauseScope.GATEWAY, _known("gateway", gateway, list(everything.parts.gateways)))
    return EVERYTHING


def known_plan(everything: Opened, name: str) -> str:
    return _known("plan", name, [known.name for known in everything.programme.plans])


def _known(what: str, name: str, names: list[str]) -> str:
    if name not in names:
        raise NotSo(f"There is no {what} {name!r}. There are: {', '.join(names)}.")
    return name


def _show(everything: Opened, as_json: bool) -> None:
    rows = everything.store.read(_paused)
    if as_json:
        show_json([dict(zip(_COLUMNS, row, strict=True)) for row in rows])
    elif rows:
        show(_COLUMNS, rows)
    else:
        click.echo("Nothing is paused.")


_COLUMNS = ("paused", "name", "since", "by", "why")


def _paused(reading: Reading) -> list[tuple[str, ...]]:
    names = {str(site.id): site.name for site in all_sites(reading)}
    return [_cells(row, names) for row in button.pauses(reading)]


def _cells(row: PauseRow, sites: dict[str, str]) -> tuple[str, ...]:
    target = sites.get(row.covered.target, row.covered.target)
    return row.covered.scope, target, f"{row.paused_at:%Y-%m-%d %H:%M} UTC", row.actor, row.why
