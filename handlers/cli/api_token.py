"""``khopotso api-token``: which other systems may use the API."""

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, opened, operator
from handlers.cli.sites import LONGEST_NAME, known_site
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json
from service.actions import api_tokens
from service.domain.people import Role
from service.store.transaction import Transaction


@click.group("api-token", cls=Told)
def api_token() -> None:
    """Which other systems may use the API, each with the rights of a role."""


@api_token.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--site", help="The only site of which it may know; all sites if this is left out.")
def create(name: str, role: str, site: str | None) -> None:
    """Make a token for the system NAME. It is shown now and never again."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise click.UsageError(f"Names have 1 to {LONGEST_NAME} letters.")
    with opened() as everything:
        token = everything.store.write(lambda tx: _create(tx, name, Role(role), site), operator())
    click.echo(token)
    click.echo("It is shown this once. Send it as: Authorization: Bearer TOKEN", err=True)


def _create(tx: Transaction, name: str, role: Role, site: str | None) -> str:
    token = api_tokens.create_token(tx, name, role, known_site(tx, site) if site else None)
    if token is None:
        raise NotSo(f"A token was called {name!r} before; choose another name.")
    return token


@api_token.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_tokens(as_json: bool) -> None:
    """Show all tokens by name, the revoked ones too; never what they are."""
    with opened() as everything:
        rows = everything.store.read(api_tokens.all_tokens)
    if as_json:
        show_json(in_json(rows))
        return
    show(
        ("name", "role", "site", "last used", "state"),
        [
            (
                row.name,
                row.role,
                row.site or "all",
                f"{row.used_at:%Y-%m-%d}" if row.used_at else "-",
                "revoked" if row.revoked_at else "good",
            )
            for row in rows
        ],
    )


@api_token.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Shut the system NAME out at once."""
    with opened() as everything:
        revoked = everything.store.write(lambda tx: api_tokens.revoke_token(tx, name), operator())
    if not revoked:
        raise NotSo(f"No good token is called {name!r}; see: khopotso api-token list")
    click.echo(f"{name} is shut out.")
