"""Figures of a village, asked for in few words."""

from datetime import date, datetime
from functools import cache
from uuid import UUID

from service.actions.contacts import note_contact
from service.domain.care import ContactMode
from service.domain.ids import new_id
from service.domain.people import OPERATOR
from service.reports.figures import NETWORK, Counting, Figure, figures, read_period, shipped
from service.store.records import client
from tests.worker.village import MASERU, MONDAY, Village, at

NOVEMBER = "2026-11"


@cache
def counting() -> Counting:
    return Counting(shipped(), MASERU)


def told(village: Village, *ids: str, period: str = NOVEMBER) -> tuple[Figure, ...]:
    return village.store.read(lambda reading: figures(reading, counting(), ids, read_period(period)))


def cells(village: Village, indicator: str, period: str = NOVEMBER) -> dict[str, int]:
    """The cases in each cell of the network; the whole is under the empty code."""
    found = told(village, indicator, period=period)
    return {figure.cell.code: figure.counted.cases for figure in found if figure.place == NETWORK}


def whole(village: Village, indicator: str, period: str = NOVEMBER) -> int:
    return cells(village, indicator, period).get("", 0)


def meet(
    village: Village,
    woman: UUID,
    mode: ContactMode = ContactMode.SMS,
    day: date = MONDAY,
    clock: str = "10:00",
) -> None:
    moment: datetime = at(day, clock)
    village.store.write(
        lambda tx: note_contact(tx, client(tx, woman), mode, "staff", new_id(), occurred_at=moment),
        OPERATOR,
    )
