"""``khopotso held``: what a pause or a restore held back, let go or thrown away by choice."""

from collections.abc import Callable

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, Opened, opened, operator
from handlers.cli.pausing import known_plan
from handlers.cli.sites import known_site
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json
from service.actions import held as holding
from service.actions.held import PER_MINUTE, HeldGroup, Which
from service.domain.reason import Reason
from service.store.records import client_by_code

_WHY = {"paused": Reason.PAUSED, "restored": Reason.RESTORED}


@click.group(cls=Told)
def held() -> None:
    """What a pause or a restore held back. Nothing of it leaves before you say so."""


def _which(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--why", type=click.Choice(list(_WHY)), help="Held by a pause, or by a restore."),
        click.option("--client", metavar="CODE", help="Of this client alone."),
        click.option("--plan", metavar="NAME", help="Of this plan alone."),
        click.option("--site", metavar="NAME", help="Of this site alone."),
    ):
        command = option(command)
    return command


@held.command("list")
@_which
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_held(site: str | None, plan: str | None, client: str | None, why: str | None, as_json: bool) -> None:
    """Show what is held, that which becomes useless first in front."""
    with opened() as everything:
        which = _chosen(everything, site, plan, client, why)
        groups = everything.store.read(lambda reading: holding.held(reading, which))
    if as_json:
        show_json(in_json(groups))
    elif groups:
        show(_COLUMNS, [_cells(group) for group in groups])
    else:
        click.echo("Nothing is held.")


_COLUMNS = ("why", "site", "plan", "what", "count", "useful until")


def _cells(group: HeldGroup) -> tuple[str, ...]:
    until = f"{group.useful_until:%Y-%m-%d %H:%M} UTC"
    return group.why, group.site or "-", group.plan or "-", group.what, str(group.count), until


@held.command()
@_which
@click.option("--per-minute", type=click.IntRange(1, 6000), default=PER_MINUTE, show_default=True)
def release(site: str | None, plan: str | None, client: str | None, why: str | None, per_minute: int) -> None:
    """Let go what is held, a few a minute, in safe hours. Each text is judged once more before it leaves."""
    with opened() as everything:
        which = _chosen(everything, site, plan, client, why)
        done = everything.store.write(
            lambda tx: holding.release(tx, everything.programme, which, per_minute), operator()
        )
    if done.last_at is None and not done.too_late:
        raise NotSo("Nothing of that is held; see: khopotso held list")
    click.echo(
        f"{done.let_go} are let go" + (f", the last at {done.last_at:%H:%M} UTC." if done.last_at else ".")
    )
    if done.too_late:
        click.echo(f"{done.too_late} would come too late and do not go.")


@held.command()
@_which
def discard(site: str | None, plan: str | None, client: str | None, why: str | None) -> None:
    """Throw away what is held. It is not sent; the log keeps the reason."""
    with opened() as everything:
        which = _chosen(everything, site, plan, client, why)
        thrown = everything.store.write(lambda tx: holding.discard(tx, which), operator())
    if not thrown:
        raise NotSo("Nothing of that is held; see: khopotso held list")
    click.echo(f"{thrown} are discarded.")


def _chosen(
    everything: Opened, site: str | None, plan: str | None, client: str | None, why: str | None
) -> Which:
    read = everything.store.read
    found = read(lambda reading: client_by_code(reading, client)) if client else None
    if client and found is None:
        raise NotSo(f"There is no client {client!r}.")
    return Which(
        site_id=read(lambda reading: known_site(reading, site)) if site else None,
        plan=known_plan(everything, plan) if plan else None,
        client_id=found.id if found else None,
        why=_WHY[why] if why else None,
    )
