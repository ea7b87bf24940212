"""Which texts did not arrive, or nobody knows of: her own clients by code, the others by number."""

from typing import Final

from flask import Blueprint, request

from handlers.staff.desk import Desk, me, page
from handlers.staff.sending import WEEK
from service.domain.message import MessageState
from service.reports.lost import Which, lost, lost_to_others
from service.reports.sending import FAILED
from service.store.transaction import Reading

PER_PAGE: Final = 25


def add_lost(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/sending/lost")
    def lost_texts() -> str:
        """Those that failed in the last days."""
        given = request.args.get
        return desk.ask(
            lambda reading: _page(
                reading, Which(FAILED, reading.now - WEEK, given("why") or None, given("gateway") or None)
            )
        )

    @pages.get("/sending/unknown")
    def unknown_texts() -> str:
        return desk.ask(lambda reading: _page(reading, Which((MessageState.UNKNOWN,))))


def _page(reading: Reading, which: Which) -> str:
    number = max(request.args.get("page", 1, int), 1)
    rows = lost(reading, me().caseload, which, PER_PAGE + 1, (number - 1) * PER_PAGE)
    return page(
        "lost.html",
        which=which,
        failed=which.states is FAILED,
        rows=rows[:PER_PAGE],
        others=lost_to_others(reading, me().caseload, which),
        number=number,
        more=len(rows) > PER_PAGE,
        kept={name: value for name, value in request.args.items() if name in ("why", "gateway")},
    )
