"""Counted figures, and what was published of them. No row says anything about anybody.

``period`` is the code of a ``Period``, ``place`` that of a ``Place``, ``cell`` that of a ``Cell``. ``cases``,
``of`` and ``amount`` are what was counted there; ``amount`` is a sum, or a median in seconds.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.store.models.columns import Id, Row


class FigureCell(Row):
    """One figure as it was counted last. What is nought, or of nothing, has no row."""

    __tablename__ = "figure_cells"
    period: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    cases: Mapped[int] = mapped_column(BigInteger)
    of: Mapped[int | None] = mapped_column(BigInteger)
    amount: Mapped[int | None] = mapped_column(BigInteger)


class FigureMark(Row):
    """That what comes from one source of facts must be counted anew in a period, since a moment."""

    __tablename__ = "figure_marks"
    period: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    marked_at: Mapped[datetime]


class Publication(Row):
    """That the figures of a period were frozen as they were. ``checksum`` is over every row of it.

    ``version`` is that of the rules by which they had been counted.
    """

    __tablename__ = "publications"
    id: Mapped[Id]
    period: Mapped[str] = mapped_column(index=True)
    version: Mapped[str]
    checksum: Mapped[str]
    published_at: Mapped[datetime]
    actor: Mapped[str]


class FrozenFigure(Row):
    """A figure as it was published. It is never changed."""

    __tablename__ = "frozen_figures"
    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    cases: Mapped[int] = mapped_column(BigInteger)
    of: Mapped[int | None] = mapped_column(BigInteger)
    amount: Mapped[int | None] = mapped_column(BigInteger)
