"""``khopotso event``: outreach days and group sessions."""

from datetime import date, time
from uuid import UUID

import click

from handlers.cli.groups import Told
from handlers.cli.parts import NotSo, opened, operator
from handlers.cli.reading import Day, Hour
from handlers.cli.sites import known_site
from handlers.cli.tables import as_json as in_json
from handlers.cli.tables import show, show_json
from handlers.preview.sheet import spoken
from service.actions import events, places
from service.domain.care import EVENTS, VisitKind
from service.reports.events import events as all_events
from service.reports.events import expected_at, visits_to_bring
from service.store.records import client_by_code
from service.store.transaction import Reading, Transaction

KIND = click.Choice([kind.value for kind in EVENTS])
NO_SUCH = "There is no such event that is still to come. See: khopotso event list"


@click.group(cls=Told)
def event() -> None:
    """Days on which the service comes to the people: mobile clinics, group sessions.

    Everybody linked with the place is invited, a week before and in neutral words, and may say yes or no.
    """


@event.command()
@click.argument("site")
@click.argument("day", type=Day())
@click.option("--place", help="A place that the site serves; without it the whole site is invited.")
@click.option("--kind", type=KIND, default=VisitKind.OUTREACH.value, show_default=True)
@click.option("--at", "clock", type=Hour(), help="The local hour, such as 09:00.")
def add(site: str, day: date, place: str | None, kind: str, clock: time | None) -> None:
    """Set a DAY (2027-03-15) of a SITE."""
    with opened() as everything:
        _refuse_past(everything.store.read(lambda reading: everything.programme.today(reading.now)), day)

        def set_day(tx: Transaction) -> UUID:
            site_id = known_site(tx, site)
            place_id = _place(tx, site_id, place) if place else None
            return events.add_event(tx, events.NewEvent(site_id, place_id, VisitKind(kind), day, clock))

        event_id = everything.store.write(set_day, operator())
    click.echo(f"{event_id} is set for {spoken(day)}; the worker invites whoever it is for.")


@event.command("list")
@click.option("--since", type=Day(), help="From this day on; without it from today.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_events(since: date | None, as_json: bool) -> None:
    """Show the events to come, and how many are invited, coming or came."""
    with opened() as everything:
        programme = everything.programme
        rows = everything.store.read(
            lambda reading: all_events(reading, since or programme.today(reading.now))
        )
    if as_json:
        show_json(in_json(rows))
        return
    heads = ("event", "day", "site", "place", "kind", "state", "invited", "coming", "came")
    show(
        heads,
        [
            (
                str(row.event),
                row.day.isoformat(),
                row.site,
                row.place or "(all)",
                row.kind,
                row.state,
                str(row.invited),
                str(row.coming),
                str(row.attended),
            )
            for row in rows
        ],
    )


@event.command()
@click.argument("event_id", type=click.UUID)
@click.argument("day", type=Day())
def move(event_id: UUID, day: date) -> None:
    """Give an event another DAY. Whoever knew of the old one is told, and all are invited anew."""
    with opened() as everything:
        programme = everything.programme
        _refuse_past(everything.store.read(lambda reading: programme.today(reading.now)), day)
        coming = everything.store.read(lambda reading: expected_at(reading, event_id))
        if not everything.store.write(lambda tx: events.move_event(tx, programme, event_id, day), operator()):
            raise NotSo(NO_SUCH)
    click.echo(f"It is on {spoken(day)} now.")
    _name(coming)


@event.command()
@click.argument("event_id", type=click.UUID)
def cancel(event_id: UUID) -> None:
    """Call an event off. Whoever knew of it is told."""
    with opened() as everything:
        programme = everything.programme
        coming = everything.store.read(lambda reading: expected_at(reading, event_id))
        if not everything.store.write(lambda tx: events.cancel_event(tx, programme, event_id), operator()):
            raise NotSo(NO_SUCH)
    click.echo("It is called off.")
    _name(coming)


@event.command()
@click.argument("event_id", type=click.UUID)
@click.argument("codes", nargs=-1)
def attended(event_id: UUID, codes: tuple[str, ...]) -> None:
    """Record that the clients with these CODES came, and close the event.

    Whoever had said that she would come and is not named has missed it. Say it again to add a code.
    """
    with opened() as everything:
        programme = everything.programme

        def close(tx: Transaction) -> bool:
            came = {_known(tx, code) for code in codes}
            return events.record_event(tx, programme, event_id, came)

        if not everything.store.write(close, operator()):
            raise NotSo("There is no such event, or it was called off, or its day has not come yet.")
    click.echo(f"{len(codes)} came.")


@event.command()
@click.argument("event_id", type=click.UUID)
@click.argument("code")
@click.option("--kind", type=click.Choice([kind.value for kind in VisitKind]), help="Which of her visits.")
def bring(event_id: UUID, code: str, kind: str | None) -> None:
    """Move the due visit of the client with this CODE onto the day of an event."""
    with opened() as everything:
        programme = everything.programme

        def bring_onto(tx: Transaction) -> date:
            visit_id, day = _to_bring(tx, code, VisitKind(kind) if kind else None)
            if not events.bring(tx, programme, event_id, visit_id):
                raise NotSo(f"{NO_SUCH} Or {code} has such a visit on that day already.")
            return day

        day = everything.store.write(bring_onto, operator())
    click.echo(f"Her visit of {day} is on the day of the event now.")


@event.command()
@click.argument("site")
@click.argument("place")
@click.argument("codes", nargs=-1)
def link(site: str, place: str, codes: tuple[str, ...]) -> None:
    """Link the clients with these CODES with a PLACE that a SITE serves; a new place is made."""
    with opened() as everything:

        def link_all(tx: Transaction) -> int:
            place_id = places.add_place(tx, known_site(tx, site), place)
            return places.link(tx, place_id, {_known(tx, code) for code in codes})

        linked = everything.store.write(link_all, operator())
    if linked < len(set(codes)):
        raise NotSo(f"{linked} of {len(set(codes))} are clients of {site} and linked with {place} now.")
    click.echo(f"{linked} linked with {place}.")


def _refuse_past(today: date, day: date) -> None:
    if day <= today:
        raise click.UsageError(f"{day:%Y-%m-%d} is not to come; today is {today}.")


def _place(reading: Reading, site_id: UUID, name: str) -> UUID:
    found = places.place_named(reading, site_id, name)
    if found is None:
        known = ", ".join(places.places_of(reading, site_id)) or "none yet"
        raise NotSo(f"The site has no place {name!r}. There are: {known}. See: khopotso event link --help")
    return found


def _known(reading: Reading, code: str) -> UUID:
    found = client_by_code(reading, code)
    if found is None:
        raise NotSo(f"There is no client {code!r}.")
    return found.id


def _to_bring(reading: Reading, code: str, kind: VisitKind | None) -> tuple[UUID, date]:
    found = visits_to_bring(reading, _known(reading, code), kind)
    if not found:
        raise NotSo(f"{code} has no such date to come.")
    return found[0]


def _name(coming: list[str]) -> None:
    """A text may not arrive in time; a call does."""
    if coming:
        click.echo(f"They had said that they would come; call them: {', '.join(coming)}")
