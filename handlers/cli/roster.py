"""``khopotso staff leave``, ``on-call`` and ``backup``: who is there to act."""

import re
from datetime import date, time
from zoneinfo import ZoneInfo

import click

from handlers.cli.parts import Opened, opened, operator
from handlers.cli.reading import Day
from handlers.cli.staff import colleague, known, staff, warn_of_gap
from service.actions.leave import call_off, record_leave, set_backup
from service.actions.on_call import put_on_call, take_off_call
from service.actions.roster import first_gap, present
from service.domain.duty import Duty
from service.store.records import first_name
from service.store.transaction import Reading

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@staff.command()
@click.argument("name")
@click.option("--from", "first", type=Day(), help="The first day on which she is away.")
@click.option("--to", "last", type=Day(), help="The last one.")
@click.option(
    "--call-off", "is_off", is_flag=True, help="She is there after all, now and in the days to come."
)
def leave(name: str, first: date | None, last: date | None, is_off: bool) -> None:
    """Say that somebody is away; what is hers goes to whoever acts in her place, and comes back after."""
    if is_off == bool(first or last) or bool(first) != bool(last):
        raise click.UsageError("Say from which day to which, or --call-off.")
    with opened() as everything:
        if first and last:
            _record(everything, name, first, last)
        else:
            ended = everything.store.write(lambda tx: call_off(tx, known(tx, name)), operator())
            click.echo(f"{name} is there; {ended} leaves were called off.")
        warn_of_gap(everything.store.read(first_gap), everything)


def _record(everything: Opened, name: str, first: date, last: date) -> None:
    zone = everything.settings.timezone
    today = everything.programme.today(everything.parts.clock.now())
    if not today <= last >= first:
        raise click.UsageError("A leave ends today or later, and not before it begins.")
    passed_on = everything.store.write(
        lambda tx: record_leave(tx, zone, known(tx, name), first, last), operator()
    )
    click.echo(f"{name} is away from {first} to {last}; {passed_on} open tasks were passed on.")
    if everything.store.read(lambda reading: _nobody_backs_up(reading, name)):
        click.echo("Nobody backs her up: see khopotso staff backup --help", err=True)


def _nobody_backs_up(reading: Reading, name: str) -> bool:
    return present(reading, known(reading, name)) is None


@staff.command("on-call")
@click.argument("name")
@click.option(
    "--hours", metavar="17:00-08:00", help="Each day in these hours alone; they may go over midnight."
)
@click.option("--off", "is_off", is_flag=True, help="She is on call no more.")
def on_call(name: str, hours: str | None, is_off: bool) -> None:
    """Say who acts where nobody else does, by day or at night. Every hour needs somebody."""
    if hours and is_off:
        raise click.UsageError("Say --hours or --off.")
    with opened() as everything:
        duty = _duty(hours, everything.settings.timezone) if hours else None
        if is_off:
            everything.store.write(lambda tx: take_off_call(tx, known(tx, name)), operator())
            click.echo(f"{name} is not on call.")
        else:
            everything.store.write(lambda tx: put_on_call(tx, known(tx, name), duty), operator())
            click.echo(
                f"{name} is on call" + (f" from {duty.starts:%H:%M} to {duty.ends:%H:%M}." if duty else ".")
            )
        warn_of_gap(everything.store.read(first_gap), everything)


def _duty(typed: str, zone: ZoneInfo) -> Duty:
    found = _HOURS.fullmatch(typed.strip())
    if not found or found.group(1, 2) == found.group(3, 4):
        raise click.UsageError("Write the hours as 17:00-08:00; without --hours she is on call at all hours.")
    starts, ends = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return Duty(starts, ends, zone)


@staff.command()
@click.argument("name")
@click.option(
    "--phone", required=True, metavar="PHONE", help="The number of who acts for her when she is away."
)
def backup(name: str, phone: str) -> None:
    """Say who acts for somebody when she is away or does not answer."""
    with opened() as everything:
        other = everything.store.read(lambda reading: colleague(reading, everything, phone))
        everything.store.write(lambda tx: set_backup(tx, known(tx, name), other), operator())
        called = everything.store.read(lambda reading: first_name(reading, other))
    click.echo(f"{called} backs {name} up.")
