"""``khopotso webhook``: which other systems are told what happens."""

from uuid import UUID

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, opened, operator
from handlers.cli.reading import Listed
from handlers.cli.sites import LONGEST_NAME, known_site
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json
from service.actions import webhooks
from service.actions.announce import test_letter
from service.actions.webhooks import NewWebhook
from service.carrying import carry
from service.domain.news import CHOSEN, Event, url_fault
from service.store.transaction import Reading, Transaction


@click.group(cls=Told)
def webhook() -> None:
    """Which other systems are told what happens, by the Standard Webhooks specification."""


@webhook.command()
@click.argument("name")
@click.argument("url")
@click.option("--events", type=Listed(Event), default=",".join(CHOSEN), show_default=True, help="Of what.")
@click.option("--site", help="The only site of which it is told; all sites if this is left out.")
def add(name: str, url: str, events: frozenset[Event], site: str | None) -> None:
    """Tell URL what happens, from now on. Its secret is shown now and never again."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise click.UsageError(f"Names have 1 to {LONGEST_NAME} letters.")
    with opened() as everything:
        fault = url_fault(url, here_too=everything.parts.demo)
        if fault:
            raise click.UsageError(fault)
        secret = everything.store.write(lambda tx: _add(tx, name, url, events, site), operator())
    click.echo(secret)
    click.echo("It is shown this once; by it the receiver knows that news comes from here.", err=True)


def _add(tx: Transaction, name: str, url: str, events: frozenset[Event], site: str | None) -> str:
    site_id = known_site(tx, site) if site else None
    added = webhooks.add_webhook(tx, NewWebhook(name, url, events, site_id))
    if added is None:
        raise NotSo(f"There is a webhook {name!r} already.")
    return webhooks.secret_of(tx, added)


@webhook.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_webhooks(as_json: bool) -> None:
    """Show all webhooks, and since when one takes nothing."""
    with opened() as everything:
        rows = everything.store.read(webhooks.all_webhooks)
    if as_json:
        show_json(in_json(rows))
        return
    show(
        ("name", "site", "events", "waiting", "takes nothing since"),
        [
            (
                row.name,
                row.site or "all",
                " ".join(row.events),
                str(row.waiting),
                f"{row.failing_since:%Y-%m-%d %H:%M}" if row.failing_since else "-",
            )
            for row in rows
        ],
    )


@webhook.command()
@click.argument("name")
def remove(name: str) -> None:
    """Tell NAME nothing more, what waits included."""
    with opened() as everything:
        everything.store.write(lambda tx: webhooks.remove_webhook(tx, _known(tx, name)), operator())
    click.echo(f"{name} is told nothing more.")


@webhook.command()
@click.argument("name")
def test(name: str) -> None:
    """Tell NAME that this is a test, now, and say whether it was taken."""
    with opened() as everything:
        letter = everything.store.read(lambda reading: test_letter(reading, _known(reading, name)))
        why = carry(everything.parts.courier, letter)
    if why:
        raise NotSo(f"{name} did not take it: {why}.")
    click.echo(f"{name} took it.")


def _known(reading: Reading, name: str) -> UUID:
    found = webhooks.webhook_named(reading, name)
    if found is None:
        raise NotSo(f"There is no webhook {name!r}; see: khopotso webhook list")
    return found
