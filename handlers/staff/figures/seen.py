"""Of which places a colleague sees figures, and of which she may see the women behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import abort, request

from handlers.staff.desk import Desk, me, words
from service.domain.caseload import sites_of
from service.domain.people import Role
from service.reports.explained import Explained, explained
from service.reports.figure_rows import Names, place_names
from service.reports.figures import (
    ALL_CELLS,
    NETWORK,
    Counting,
    Definitions,
    Detail,
    Figure,
    Level,
    Period,
    PeriodKind,
    Place,
    period_of,
    read_period,
    shipped,
)
from service.reports.rolled_up import Published, frozen, last_published
from service.reports.small_cells import hide_small
from service.reports.told_figures import only_fair, told_figures
from service.store.transaction import Reading

MONTHS_BACK, QUARTERS_BACK, YEARS_BACK = 12, 4, 2


@dataclass(frozen=True)
class View:
    """A place in a period, as one colleague may see it and in her language."""

    counting: Counting
    explained: Explained
    names: Names
    place: Place
    period: Period
    opens_cases: bool

    @property
    def definitions(self) -> Definitions:
        return self.counting.definitions

    def figures(
        self,
        reading: Reading,
        ids: Iterable[str],
        period: Period | None = None,
        detail: Detail = ALL_CELLS,
    ) -> tuple[Figure, ...]:
        """Of her place and the places in it; small ones hidden from whoever may not see the women."""
        asked = period or self.period
        return self._shown(told_figures(reading, self.counting, ids, asked, detail=detail))

    def published(self, reading: Reading, detail: Detail) -> tuple[Published | None, tuple[Figure, ...]]:
        """When the period's figures were frozen last, and what was published of them in this detail."""
        found = last_published(reading, self.period)
        if found is None:
            return None, ()
        then = only_fair(self.definitions, frozen(reading, self.counting, found, detail))
        return found, self._shown(tuple(then))

    def _shown(self, found: tuple[Figure, ...]) -> tuple[Figure, ...]:
        shown = found if self.opens_cases else hide_small(self.definitions, found)
        return tuple(one for one in shown if self._is_here(one.place))

    def _is_here(self, place: Place) -> bool:
        """A district's page shows no other district; only the network's compares all."""
        return place == self.place or self.place == NETWORK


def view(reading: Reading, desk: Desk, site_id: UUID | None = None) -> View:
    """What was asked for in the address; whatever she may not see is not there (404)."""
    names, counting = place_names(reading), Counting(shipped(), desk.parts.programme.calendar.zone)
    place = _place(names, site_id)
    told = explained(counting.definitions, words().language)
    return View(counting, told, names, place, chosen_period(desk.today()), _opens_cases(place))


def _place(names: Names, site_id: UUID | None) -> Place:
    seen = sites_of(me().posts, Role.ME, Role.ADMIN, Role.COORDINATOR)
    district = request.args.get("district", None, UUID)
    place = (
        Place(Level.SITE, site_id) if site_id else Place(Level.DISTRICT, district) if district else NETWORK
    )
    allowed = seen is None or (place.level is Level.SITE and place.id in seen)
    return place if allowed and (place == NETWORK or place in names.of) else abort(404)


def _opens_cases(place: Place) -> bool:
    sites = sites_of(me().posts, Role.COORDINATOR)
    return sites is None or (place.level is Level.SITE and place.id in sites)


def own_sites(names: Names) -> tuple[Place, ...] | None:
    """The sites of which alone she sees figures; ``None`` for everything."""
    seen = sites_of(me().posts, Role.ME, Role.ADMIN, Role.COORDINATOR)
    if seen is None:
        return None
    return tuple(place for place in names.of if place.level is Level.SITE and place.id in seen)


def chosen_period(today: date) -> Period:
    """The one in the address, else the last month that is over."""
    code = request.args.get("period", "")
    if not code:
        return period_of(PeriodKind.MONTH, today.replace(day=1) - timedelta(days=1))
    try:
        return read_period(code)
    except ValueError:
        abort(404)


def periods_to_choose(today: date) -> list[Period]:
    return [
        period
        for kind, most in (
            (PeriodKind.MONTH, MONTHS_BACK),
            (PeriodKind.QUARTER, QUARTERS_BACK),
            (PeriodKind.YEAR, YEARS_BACK),
        )
        for period in back_from(period_of(kind, today), most)
    ]


def back_from(period: Period, most: int) -> list[Period]:
    """A period and those before it of its kind, the newest first."""
    found = [period]
    while len(found) < most:
        found.append(period_of(period.kind, found[-1].first - timedelta(days=1)))
    return found
