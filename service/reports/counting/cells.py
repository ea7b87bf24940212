"""Places and cells: what a figure is told for, beside its indicator and period."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final
from uuid import UUID

from service.reports.counting.definitions import Dimension


class Level(StrEnum):
    NETWORK = "network"
    DISTRICT = "district"
    SITE = "site"


@dataclass(frozen=True)
class Place:
    """``id`` is the district's or the site's; the network has none."""

    level: Level
    id: UUID | None = None

    @property
    def code(self) -> str:
        """Such as ``network`` or ``site:`` and its id, which ``read_place`` reads again."""
        return f"{self.level}:{self.id}" if self.id else str(self.level)


@cache
def read_place(code: str) -> Place:
    level, _, place_id = code.partition(":")
    return Place(Level(level), UUID(place_id) if place_id else None)


NETWORK: Final = Place(Level.NETWORK)


@dataclass(frozen=True)
class Cell:
    """What is told apart and which part of it this is; nothing at all for the whole."""

    parts: tuple[tuple[Dimension, str], ...] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        return tuple(dimension for dimension, _ in self.parts)

    @property
    def code(self) -> str:
        """Such as ``age_band=20-24;sex=female``, which ``read_cell`` reads again; empty for the whole."""
        return ";".join(f"{dimension}={value}" for dimension, value in self.parts)


TOTAL: Final = Cell()


@cache
def read_cell(code: str) -> Cell:
    pairs = (part.partition("=") for part in code.split(";") if part)
    return Cell(tuple((Dimension(name), value) for name, _, value in pairs))


@cache
def places_of(site_id: UUID, district_id: UUID | None) -> tuple[Place, ...]:
    """A site, its district and the network."""
    district = [Place(Level.DISTRICT, district_id)] if district_id else []
    return Place(Level.SITE, site_id), *district, NETWORK
