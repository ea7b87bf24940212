"""Which steps of the plans hold at a site, and since when; turning them on and off."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update

from service.actions.next_look import REPLANNED, look_again
from service.programme import Programme
from service.reminders.plan import PerSite, Timing
from service.store.models.operations import Mark
from service.store.models.people import Client
from service.store.models.plans import SiteSwitch
from service.store.transaction import Reading, Transaction


@dataclass(frozen=True)
class SiteRules:
    """``switched`` are the steps turned from their default; ``since`` is when a step began to hold."""

    switched: frozenset[str]
    since: Mapping[str, datetime]


_SWITCHES: Final = select(
    SiteSwitch.site_id, SiteSwitch.step, SiteSwitch.is_on, SiteSwitch.switched_at
).where(SiteSwitch.site_id.in_(bindparam("these", expanding=True)))
_REPLANNED: Final = select(Mark.name, Mark.recorded_at).where(Mark.name.startswith(REPLANNED))


def site_rules(
    reading: Reading, programme: Programme, site_ids: Collection[UUID]
) -> Mapping[UUID, SiteRules]:
    """The rules of several sites."""
    switches = reading.connection.execute(_SWITCHES, {"these": site_ids}).all()
    replanned = _replanned(reading, programme)
    return {
        site_id: _rules(
            programme,
            replanned,
            {one.step: (one.is_on, one.switched_at) for one in switches if one.site_id == site_id},
        )
        for site_id in site_ids
    }


def _replanned(reading: Reading, programme: Programme) -> Mapping[str, datetime]:
    """Since when each step stands as it does, of the plans whose timing was ever changed."""
    changed = reading.connection.execute(_REPLANNED)
    moments = {name.removeprefix(REPLANNED): at for name, at in changed}
    return {
        step.id: moments[plan.name]
        for plan in programme.plans
        if plan.name in moments
        for step in plan.timings
    }


def _rules(
    programme: Programme, replanned: Mapping[str, datetime], switches: Mapping[str, tuple[bool, datetime]]
) -> SiteRules:
    known = {step.id: step for step in _switchable(programme)}
    in_use = {name: switch for name, switch in switches.items() if name in known}
    turned_on = {name: at for name, (is_on, at) in in_use.items() if is_on}
    return SiteRules(
        switched=frozenset(
            name for name, (is_on, _) in in_use.items() if is_on is not (known[name].per_site is PerSite.ON)
        ),
        since={
            name: max(moments[name] for moments in (replanned, turned_on) if name in moments)
            for name in replanned.keys() | turned_on.keys()
        },
    )


def _switchable(programme: Programme) -> Iterator[Timing]:
    return (step for plan in programme.plans for step in plan.timings if step.per_site is not PerSite.ALWAYS)


class Switching(StrEnum):
    """What came of turning a step on or off."""

    DONE = "done"
    NO_CHANGE = "no_change"
    NO_SUCH_STEP = "no_such_step"
    ALWAYS_ON = "always_on"


def switch_step(tx: Transaction, programme: Programme, site_id: UUID, step: str, *, is_on: bool) -> Switching:
    """Turn a step of a plan on or off for a site. Everybody there is planned anew soon after."""
    known = next((one for plan in programme.plans for one in plan.timings if one.id == step), None)
    if known is None:
        return Switching.NO_SUCH_STEP
    if known.per_site is PerSite.ALWAYS:
        return Switching.ALWAYS_ON
    current = tx.connection.scalar(
        select(SiteSwitch.is_on).where(SiteSwitch.site_id == site_id, SiteSwitch.step == step)
    )
    if is_on is (current if current is not None else known.per_site is PerSite.ON):
        return Switching.NO_CHANGE
    _keep(tx, site_id, step, is_on)
    look_again(tx, Client.site_id == site_id)
    tx.audit("switch_on" if is_on else "switch_off", "site", site_id, step)
    return Switching.DONE


def _keep(tx: Transaction, site_id: UUID, step: str, is_on: bool) -> None:
    values = {"is_on": is_on, "switched_at": tx.now, "actor": str(tx.actor)}
    if not tx.add_once(SiteSwitch, site_id=site_id, step=step, **values):
        which = (SiteSwitch.site_id == site_id) & (SiteSwitch.step == step)
        tx.connection.execute(update(SiteSwitch).where(which).values(**values))


@dataclass(frozen=True)
class Switch:
    """A step that sites may turn: whether it is on at one of them, and where nobody has turned it."""

    plan: str
    step: str
    on: bool
    usually: bool


def switches_of(reading: Reading, programme: Programme, site_id: UUID) -> Iterator[Switch]:
    """Every step that a site may turn."""
    turned = {
        row.step: row.is_on
        for row in reading.connection.execute(
            select(SiteSwitch.step, SiteSwitch.is_on).where(SiteSwitch.site_id == site_id)
        )
    }
    for plan in programme.plans:
        for step in plan.timings:
            if step.per_site is not PerSite.ALWAYS:
                usually = step.per_site is PerSite.ON
                yield Switch(plan.name, step.id, turned.get(step.id, usually), usually)
