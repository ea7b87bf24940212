"""``khopotso staff``: who works with the service, and who is on call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, Opened, opened, operator
from handlers.cli.reading import Listed, mobile
from handlers.cli.sites import known_site
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json, yes
from service.actions import staff as people
from service.actions.compose import name_in_texts, site_names
from service.actions.roster import first_gap
from service.actions.staff import FirstSecrets, NewStaff, StaffFault
from service.domain.people import Role
from service.store.transaction import Reading, Transaction

LONGEST_NAME = 60
AT_A_SITE = frozenset({Role.MENTOR, Role.COORDINATOR})


@dataclass(frozen=True)
class _Wish:
    """What was typed after ``staff add``."""

    name: str
    phone: str
    role: frozenset[Role]
    site: tuple[str, ...]
    on_call: bool
    backup: str | None
    language: str | None


@click.group(cls=Told)
def staff() -> None:
    """Who works with the service, and who is on call."""


@staff.command()
@click.argument("name")
@click.option("--phone", required=True, help="Her mobile number.")
@click.option(
    "--role",
    type=Listed(Role),
    required=True,
    help=f"{', '.join(Role)}; several with commas.",
    metavar="ROLE",
)
@click.option("--site", multiple=True, help="Where; may be given several times.")
@click.option("--on-call", is_flag=True, help="She acts where nobody else is there to act.")
@click.option("--backup", metavar="PHONE", help="The number of who acts for her when she is away.")
@click.option("--language", help="Of texts to her.")
def add(
    name: str,
    phone: str,
    role: frozenset[Role],
    site: tuple[str, ...],
    on_call: bool,
    backup: str | None,
    language: str | None,
) -> None:
    """Take somebody on. NAME is what texts to clients call her.

    Her first PIN (mentors and coordinators) and password (all but mentors) are shown once. A mentor signs in
    to the pages with her PIN, on a phone that a code has made hers.
    """
    wish = _Wish(people.tidy_name(name), phone, role, site, on_call, backup, language)
    _refuse_nonsense(wish)
    with opened() as everything:
        new = everything.store.read(lambda reading: _new_staff(reading, everything, wish))
        added = everything.store.write(lambda tx: people.add_staff(tx, new), operator())
        called = name_in_texts(everything.programme.texts, new.name)
    if isinstance(added, StaffFault):
        raise NotSo(added.value)
    click.echo(f"{new.name} is added." + _about_her_name(new.name, called))
    _tell(added)


def _refuse_nonsense(wish: _Wish) -> None:
    if not 0 < len(wish.name) <= LONGEST_NAME or not wish.name.isprintable():
        raise click.UsageError(f"A name has 1 to {LONGEST_NAME} letters.")
    if not wish.role:
        raise click.UsageError(f"Give her a role: {', '.join(Role)}.")
    if wish.role & AT_A_SITE and not wish.site:
        raise click.UsageError("A mentor or coordinator works at a site: say --site SITE.")


def _new_staff(reading: Reading, everything: Opened, wish: _Wish) -> NewStaff:
    languages = everything.programme.texts.languages
    language = wish.language or everything.programme.language
    if language not in languages:
        raise click.UsageError(f"There is no language {language!r}; there are {', '.join(languages)}.")
    fault = everything.programme.texts.gate.name_fault(wish.name, site_names(reading))
    if fault:
        raise click.UsageError(fault)
    return NewStaff(
        name=wish.name,
        phone=mobile(everything, wish.phone),
        language=language,
        roles=wish.role,
        site_ids=tuple(dict.fromkeys(known_site(reading, site) for site in wish.site)),
        on_call=wish.on_call,
        backup_id=colleague(reading, everything, wish.backup) if wish.backup else None,
    )


def colleague(reading: Reading, everything: Opened, typed: str) -> UUID:
    """The member of staff who has the number that was typed after ``--backup``."""
    found = people.find_colleague(reading, mobile(everything, typed))
    if found is None:
        raise NotSo("No member of staff has the number after --backup; add her first.")
    return found


def _about_her_name(name: str, called: str | None) -> str:
    if called == name:
        return ""
    return f" Texts call her {called!r}." if called else " Texts do not call her by name: it is long."


def _tell(first: FirstSecrets) -> None:
    for what, secret in (("PIN", first.pin), ("password", first.password)):
        if secret:
            click.echo(f"Her {what}, shown this once: {secret}")
    if first.code:
        click.echo(
            f"With her PIN, this code opens the pages on her phone for the first time, today: {first.code}"
        )


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_staff(as_json: bool) -> None:
    """Show everybody, who acts for her now, and of her number the end only."""
    with opened() as everything:
        rows = everything.store.read(people.all_staff)
    if as_json:
        show_json(in_json(rows))
        return
    show(
        ("name", "roles", "sites", "on call", "acts now", "blocked", "phone"),
        [
            (
                row.name,
                ", ".join(row.roles),
                ", ".join(row.sites) or "all",
                row.hours or yes(row.on_call),
                row.acts_now or "-",
                yes(row.blocked),
                row.phone,
            )
            for row in rows
        ],
    )


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Give somebody a new PIN and password; the old ones are good no more."""
    with opened() as everything:
        first = everything.store.write(lambda tx: _reset(tx, name), operator())
    _tell(first)


def _reset(tx: Transaction, name: str) -> FirstSecrets:
    staff_id = known(tx, name)
    if people.is_blocked(tx, staff_id):
        raise NotSo(f"{name} is blocked. To let her in again: khopotso staff unblock")
    return people.reset_staff(tx, staff_id)


@staff.command()
@click.argument("name")
def block(name: str) -> None:
    """Shut somebody out at once; her open tasks go to whoever acts in her place."""
    with opened() as everything:
        passed_on = everything.store.write(lambda tx: people.block_staff(tx, known(tx, name)), operator())
        gap = everything.store.read(first_gap)
    click.echo(f"{name} is blocked; {passed_on} open tasks were passed on.")
    warn_of_gap(gap, everything)


@staff.command()
@click.argument("name")
@click.option("--phone", help="Her new number, if she has one.")
def unblock(name: str, phone: str | None) -> None:
    """Let somebody work again who was blocked, with a new PIN and password; others keep her tasks."""
    with opened() as everything:
        number = mobile(everything, phone) if phone else None
        first = everything.store.write(
            lambda tx: people.unblock_staff(tx, known(tx, name), number), operator()
        )
    if isinstance(first, StaffFault):
        raise NotSo(first.value)
    click.echo(f"{name} may work again.")
    _tell(first)


def warn_of_gap(gap: datetime | None, everything: Opened) -> None:
    """Say so if within a day there is an hour at which nobody is on call."""
    if gap:
        local = gap.astimezone(everything.settings.timezone)
        click.echo(f"Nobody is on call at {local:%H:%M on %A}: see khopotso staff on-call --help", err=True)


def known(reading: Reading, name: str) -> UUID:
    """The member of staff of that name. Raises ``NotSo``."""
    found = people.find_staff(reading, name)
    if found is None:
        raise NotSo(f"There is nobody called {name!r}; see: khopotso staff list")
    return found
