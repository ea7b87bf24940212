"""Freezing the figures of a period, so that what was published can be shown for ever."""

from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import insert, literal, select

from service.domain.hours import local_day
from service.domain.ids import new_id
from service.domain.period import Period, PeriodKind, period_of
from service.reports.counting.ground import Counting
from service.reports.rolled_up import checksum, is_counted, last_published
from service.store.models.figures import FigureCell, FrozenFigure, Publication
from service.store.transaction import Transaction

WAITS_FOR: Final = timedelta(days=10)
"""So long after its end a month is frozen by itself: what is written down late is mostly in it by then."""


class PublishFault(StrEnum):
    """Why nothing was frozen, and what to do."""

    NOT_OVER = "The period is not over; freeze it when it is."
    NOT_COUNTED = "Nothing was counted in it, or some of it waits; let a worker finish and ask again."


def publish(tx: Transaction, counting: Counting, period: Period) -> UUID | PublishFault:
    """Freeze every figure of a period as it was counted last; the id of the publication."""
    if period.end > local_day(tx.now, counting.zone):
        return PublishFault.NOT_OVER
    kept = (
        FigureCell.indicator,
        FigureCell.place,
        FigureCell.cell,
        FigureCell.cases,
        FigureCell.of,
        FigureCell.amount,
    )
    of_it = FigureCell.period == period.code
    rows = tx.connection.execute(select(*kept).where(of_it)).all()
    if not rows or not is_counted(tx, period):
        return PublishFault.NOT_COUNTED
    publication_id, version = new_id(), counting.definitions.version
    tx.add(
        Publication,
        id=publication_id,
        period=period.code,
        version=version,
        checksum=checksum(version, ((row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows)),
        published_at=tx.now,
        actor=str(tx.actor),
    )
    copied = select(literal(publication_id, FrozenFigure.publication_id.type), *kept).where(of_it)
    names = ["publication_id", *(column.key for column in kept)]
    tx.connection.execute(insert(FrozenFigure).from_select(names, copied))
    tx.audit("publish", "figures", publication_id, period.code)
    return publication_id


def publish_last_month(tx: Transaction, counting: Counting) -> bool:
    """Freeze the month before, once, when its late data had time to come; says whether it was frozen now."""
    month = period_of(PeriodKind.MONTH, local_day(tx.now, counting.zone) - WAITS_FOR)
    before = period_of(PeriodKind.MONTH, month.first - timedelta(days=1))
    if last_published(tx, before):
        return False
    return isinstance(publish(tx, counting, before), UUID)
