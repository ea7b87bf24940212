"""How sending goes, the stop button, and what was held back."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from handlers.staff.sites import led_sites
from service.actions import held, pause
from service.actions.held import Which
from service.actions.pause import Covered, PauseScope
from service.domain.reason import Reason
from service.reports import sending as report
from service.reports.credit import credit_at
from service.reports.readiness import backlog
from service.reports.sites import SiteName, site_names
from service.store.transaction import Reading, Transaction

WEEK: Final = timedelta(days=7)
MOST: Final = 30
LONGEST_WHY: Final = 400


def add_sending(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/sending")
    def sending() -> str:
        return desk.ask(lambda reading: _page(reading, desk))

    @pages.post("/sending/pause")
    def stop_sending() -> AnyResponse:
        covered, why = _covered(desk), request.form.get("why", "").strip()
        if not 0 < len(why) <= LONGEST_WHY:
            abort(400)

        def stop(tx: Transaction) -> str:
            pause.pause(tx, covered, why)
            return back("paused")

        return desk.act(stop)

    @pages.post("/sending/resume")
    def go_on_sending() -> AnyResponse:
        covered = _covered(desk)

        def go_on(tx: Transaction) -> str:
            pause.resume(tx, covered)
            return back("resumed")

        return desk.act(go_on)


def add_held(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/sending/release")
    def release() -> AnyResponse:
        why = _why()

        def let_go(tx: Transaction) -> str:
            for which in _hers(why):
                held.release(tx, desk.parts.programme, which)
            return back("released")

        return desk.act(let_go)

    @pages.post("/sending/discard")
    def discard() -> AnyResponse:
        why = _why()

        def throw_away(tx: Transaction) -> str:
            for which in _hers(why):
                held.discard(tx, which)
            return back("discarded")

        return desk.act(throw_away)


def _page(reading: Reading, desk: Desk) -> str:
    programme = desk.parts.programme
    since = reading.now - WEEK
    return page(
        "sending.html",
        now=reading.now,
        pauses=pause.pauses(reading),
        sites=_sites(reading),
        plans=[plan.name for plan in programme.plans],
        credit={name: credit_at(reading, name) for name in desk.parts.gateways},
        gateways=report.gateways(reading, [line.gateway for line in desk.parts.lines]),
        backlog=backlog(reading),
        used=report.used(reading, programme.today(reading.now)),
        text_cap=programme.text_cap,
        spend_cap=programme.spend_cap,
        states=report.by_state(reading, since),
        failures=report.failures(reading, since),
        shut=report.shut_numbers(reading, me().caseload, MOST),
        held=[group for which in _hers(None) for group in held.held(reading, which)],
    )


def _sites(reading: Reading) -> tuple[SiteName, ...]:
    return site_names(reading, led_sites())


def _hers(why: Reason | None) -> tuple[Which, ...]:
    """What is held of her sites; of all, and of none, for whoever keeps them all."""
    sites = led_sites()
    return (
        (Which(why=why),) if sites is None else tuple(Which(site_id=site, why=why) for site in sorted(sites))
    )


def _why() -> Reason | None:
    wanted = request.form.get("why", "")
    return Reason(wanted) if wanted in set(Reason) else None


def _covered(desk: Desk) -> Covered:
    """What is to stop or go on: anybody here may stop everything, but of the sites only her own."""
    scope, _, target = request.form.get("what", "").partition(":")
    offered = {
        PauseScope.ALL: {""},
        PauseScope.SITE: {str(site.id) for site in desk.ask(_sites)},
        PauseScope.PLAN: {plan.name for plan in desk.parts.programme.plans},
        PauseScope.GATEWAY: set(desk.parts.gateways),
    }
    if scope not in set(PauseScope) or target not in offered[PauseScope(scope)]:
        abort(400)
    return Covered(PauseScope(scope), target)
