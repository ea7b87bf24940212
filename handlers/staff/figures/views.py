"""*Figures*: dashboards for the network, a district or a site; one indicator; who is behind it; files."""

from collections.abc import Callable
from dataclasses import astuple
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.sheets import Sheet, as_csv, as_xlsx
from handlers.staff.desk import Desk, page
from handlers.staff.figures.paper import site_report
from handlers.staff.figures.seen import View, back_from, own_sites, periods_to_choose, view
from handlers.staff.figures.told import DASHBOARD, LINES, lines, over_time, overview, parts, restated, word_of
from service.reports.figure_cases import cases
from service.reports.figure_rows import COLUMNS, GROUPS, figure_rows, place_names
from service.reports.figures import WHOLES, Level
from service.store.transaction import Reading

ALL: Final = tuple(one for group in GROUPS.values() for one in group)
CHARTED: Final = ("ES_NEW", "ES_REACHED", "EID_FIRST")
"""What is drawn on the dashboard itself; the rest is one tap away."""
PERIODS_DRAWN: Final = 6

_FILES: Final[dict[str, tuple[Callable[[Sheet], bytes], str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def add_figures(pages: Blueprint, desk: Desk) -> None:
    _add_dashboards(pages, desk)
    _add_indicator(pages, desk)
    _add_files(pages, desk)


def _add_dashboards(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/figures")
    def figures() -> str | AnyResponse:
        """Of the network or a district; to whoever sees single sites, the way to them."""
        own = own_sites(desk.ask(place_names))
        if own is None:
            return desk.ask(lambda reading: _dashboard(reading, desk, view(reading, desk)))
        if len(own) == 1:
            return redirect(url_for("staff.site_figures", site_id=own[0].id), code=303)
        names = desk.ask(place_names)
        return page("figure_sites.html", sites=[(place.id, names[place]) for place in own])

    @pages.get("/figures/site/<uuid:site_id>")
    def site_figures(site_id: UUID) -> str:
        return desk.ask(lambda reading: _dashboard(reading, desk, view(reading, desk, site_id)))


def _dashboard(reading: Reading, desk: Desk, seen: View) -> str:
    found = seen.figures(reading, ALL, detail=DASHBOARD)
    before = seen.figures(reading, ALL, back_from(seen.period, 2)[1], LINES)
    drawn = [(seen.explained.said[one].title, overview(seen, one, found)) for one in CHARTED]
    published, frozen = seen.published(reading, LINES)
    groups = lines(seen, found, before)
    return page(
        "figures.html",
        view=seen,
        groups=restated(seen, groups, frozen) if published else groups,
        published=published,
        drawn=[(title, told) for title, told in drawn if told],
        periods=periods_to_choose(desk.today()),
        places=_places(seen),
        where=_where(seen),
    )


def _places(seen: View) -> list[tuple[str, str]]:
    """Where to go on to from the network's page, and from a district's back."""
    if seen.place.level is Level.SITE:
        return []
    return sorted((seen.names[place], _address(seen, place.level, place.id)) for place in seen.names.of)


def _address(seen: View, level: Level, place_id: UUID | None) -> str:
    if level is Level.SITE:
        return url_for("staff.site_figures", site_id=place_id, period=seen.period.code)
    return url_for("staff.figures", district=place_id, period=seen.period.code)


def _where(seen: View) -> dict[str, str]:
    """What an address needs to lead to the same place and period."""
    told = {"period": seen.period.code}
    if seen.place.level is Level.DISTRICT:
        told["district"] = str(seen.place.id)
    if seen.place.level is Level.SITE:
        told["site"] = str(seen.place.id)
    return told


def _add_indicator(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/figures/of/<indicator>")
    def figure(indicator: str) -> str:
        return desk.ask(lambda reading: _indicator(reading, desk, indicator))

    @pages.get("/figures/site/<uuid:site_id>/cases/<indicator>")
    def figure_cases(site_id: UUID, indicator: str) -> str:
        def ask(reading: Reading) -> str:
            seen = view(reading, desk, site_id)
            if not seen.opens_cases or indicator not in seen.definitions.indicators:
                abort(404)
            rows = cases(reading, seen.counting, indicator, seen.period, site_id)
            about = seen.explained.said[indicator]
            return page(
                "figure_cases.html",
                view=seen,
                indicator=indicator,
                about=about,
                rows=rows,
                word_of=word_of,
                where=_where(seen),
            )

        return desk.ask(ask)


def _indicator(reading: Reading, desk: Desk, indicator: str) -> str:
    seen = view(reading, desk, request.args.get("site", None, UUID))
    if indicator not in seen.definitions.indicators:
        abort(404)
    found = seen.figures(reading, [indicator])
    shown = back_from(seen.period, PERIODS_DRAWN)
    past = [one for period in shown for one in seen.figures(reading, [indicator], period, WHOLES)]
    return page(
        "figure.html",
        view=seen,
        line=lines(seen, found, ())[_group_of(indicator)][GROUPS[_group_of(indicator)].index(indicator)],
        charts=[over_time(seen, indicator, shown, past), *parts(seen, indicator, found)],
        version=seen.definitions.version,
        where=_where(seen),
    )


def _group_of(indicator: str) -> str:
    return next(name for name, ids in GROUPS.items() if indicator in ids)


def _add_files(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/figures/file/<form>")
    def figures_file(form: str) -> Response:
        """All figures of the place and period, as the command tells them."""
        as_file, kind = _FILES.get(form) or abort(404)

        def ask(reading: Reading) -> Response:
            seen = view(reading, desk, request.args.get("site", None, UUID))
            rows = figure_rows(seen.definitions, seen.names, seen.figures(reading, ALL))
            content = as_file(Sheet("figures", COLUMNS, [astuple(row) for row in rows]))
            return _download(content, kind, f"figures-{seen.period.code}.{form}")

        return desk.ask(ask)

    @pages.get("/figures/site/<uuid:site_id>/report.pdf")
    def site_paper(site_id: UUID) -> Response:
        def ask(reading: Reading) -> Response:
            seen = view(reading, desk, site_id)
            before = seen.figures(reading, ALL, back_from(seen.period, 2)[1], LINES)
            groups = lines(seen, seen.figures(reading, ALL, detail=LINES), before)
            content = site_report(seen, groups, desk.today())
            return _download(content, "application/pdf", f"report-{seen.period.code}.pdf")

        return desk.ask(ask)


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
