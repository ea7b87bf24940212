"""``khopotso plans``: the care plans, and whose word they have."""

from typing import assert_never

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, Opened, opened, operator
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json
from service.actions import approve
from service.actions.approve import Approving, Standing, version_of_plan
from service.actions.staff import find_staff
from service.reminders.plan import Plan
from service.store.transaction import Transaction


@click.group(cls=Told)
def plans() -> None:
    """The care plans, and who approved them. Two people must, for each file as it stands."""


@plans.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_plans(as_json: bool) -> None:
    """Show all plans; exit code 1 while one is not approved as it stands."""
    with opened() as everything:
        versions = [version_of_plan(plan) for plan in everything.programme.plans]
        found = everything.store.read(lambda reading: approve.standings(reading, versions))
    if as_json:
        show_json(in_json(found))
    else:
        rows = [(one.name, one.content_hash[:12], _state(one), _words(one)) for one in found]
        show(("plan", "content", "state", "by"), rows)
    if not all(one.approved for one in found):
        raise click.exceptions.Exit(NotSo.exit_code)


def _state(one: Standing) -> str:
    if one.approved:
        return "approved"
    if one.words:
        return "one more person"
    return "changed since" if one.changed_since else "to be approved"


def _words(one: Standing) -> str:
    return ", ".join(f"{name} {at:%Y-%m-%d}" for name, at in one.words) or "-"


@plans.command("approve")
@click.argument("plan")
@click.option("--as", "name", required=True, metavar="STAFF", help="Who has read it and approves it.")
def approve_one(plan: str, name: str) -> None:
    """Note that a member of staff approves PLAN as it stands.

    A second, different person must do the same; after any change of the file both must again.
    """
    with opened() as everything:
        chosen = _plan(everything, plan)
        came = everything.store.write(lambda tx: _approve(tx, chosen, name), operator())
    _tell(came, chosen, name)


def _plan(everything: Opened, name: str) -> Plan:
    known = {plan.name: plan for plan in everything.programme.plans}
    found = known.get(name.removesuffix(".toml"))
    if found is None:
        raise NotSo(f"There is no plan {name!r}. There are: {', '.join(known)}.")
    return found


def _approve(tx: Transaction, plan: Plan, name: str) -> Approving:
    staff_id = find_staff(tx, name)
    if staff_id is None:
        raise NotSo(f"There is no member of staff {name!r}. See: khopotso staff list")
    return approve.approve(tx, version_of_plan(plan), staff_id)


def _tell(came: Approving, plan: Plan, name: str) -> None:
    match came:
        case Approving.APPROVED:
            click.echo(f"{plan.name} is approved as it stands ({plan.content_hash[:12]}).")
        case Approving.ONE_MORE:
            click.echo(f"{name}'s word for {plan.name} is noted. Another person must approve it too.")
        case Approving.AGAIN:
            raise NotSo(f"{name} has approved {plan.name} already; another person must.")
        case Approving.NOT_HERS:
            roles = ", ".join(approve.MAY_APPROVE)
            raise NotSo(f"{name} may not approve plans: that is for the roles {roles}, unless blocked.")
        case _:
            assert_never(came)
