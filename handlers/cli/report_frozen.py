"""``khopotso report freeze`` and ``restated``: figures as they were published, and what late data changed."""

from typing import Final

import click

from handlers.cli.parts import NotSo, Opened, opened, plain_sentences
from handlers.cli.sheets import Cell, Sheet, write
from service.actions import roll_up
from service.actions.publish import PublishFault, publish
from service.domain.people import OPERATOR
from service.domain.period import Period, read_period
from service.reports import rolled_up
from service.reports.figures import Counting, Figure, shipped
from service.reports.rolled_up import Published, Restated
from service.store.transaction import Reading

ALL: Final = 100_000
COLUMNS: Final = ("indicator", "place", "cell", "published", "of", "now", "now_of")


@click.command()
@click.argument("period")
def freeze(period: str) -> None:
    """Freeze the figures of a PERIOD that is over (2026-11, 2026Q4, FY2027), under a checksum.

    A worker freezes each month by itself ten days after its end. Freezing again publishes anew.
    """
    chosen = _period(period)
    with plain_sentences(), opened() as everything:
        counting = _counting(everything)
        roll_up.refresh(everything.store, counting, OPERATOR, ALL)
        found = everything.store.write(lambda tx: publish(tx, counting, chosen), OPERATOR)
        if isinstance(found, PublishFault):
            raise NotSo(found)
        done = everything.store.read(lambda reading: rolled_up.last_published(reading, chosen))
    if done:
        click.echo(f"{chosen.code} is frozen, by the rules of {done.version}. Checksum {done.checksum}")


@click.command()
@click.argument("period")
@click.option("--format", "form", type=click.Choice(("table", "csv", "json")), default="table")
def restated(period: str, form: str) -> None:
    """What has changed in a PERIOD since it was frozen; exit code 1 if a frozen figure was altered."""
    chosen = _period(period)
    with plain_sentences(), opened() as everything:
        counting = _counting(everything)
        found = everything.store.read(lambda reading: _look(reading, counting, chosen))
    write(Sheet("restated", COLUMNS, [_cells(one) for one in found]), form, None)


def _look(reading: Reading, counting: Counting, period: Period) -> tuple[Restated, ...]:
    done: Published | None = rolled_up.last_published(reading, period)
    if done is None:
        raise NotSo(f"{period.code} was not frozen. khopotso report freeze {period.code}")
    if not rolled_up.is_whole(reading, done):
        raise NotSo(f"The frozen figures of {period.code} are not as they were: the checksum is wrong.")
    return rolled_up.restated(reading, counting, done)


def _cells(one: Restated) -> list[Cell]:
    either = one.published or one.now
    assert either, "something has changed"
    where: list[Cell] = [either.indicator, either.place.code, either.cell.code]
    return [*where, *_numbers(one.published), *_numbers(one.now)]


def _numbers(figure: Figure | None) -> tuple[int | None, int | None]:
    return (figure.counted.cases, figure.counted.of) if figure else (None, None)


def _period(code: str) -> Period:
    try:
        return read_period(code)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _counting(everything: Opened) -> Counting:
    return Counting(shipped(), everything.programme.calendar.zone)
