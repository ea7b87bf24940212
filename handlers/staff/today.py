"""*Today*: what to do next, who is expected, and the end of the day."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from handlers.staff.fields import chosen_day
from service.actions.visits import close_day
from service.domain.caseload import sites_of
from service.domain.people import Role
from service.domain.tasks import TaskKind
from service.reports import today as report
from service.store.transaction import Reading, Transaction

MOST_TASKS: Final = 20
MOST_VISITS: Final = 40

USUAL: Final = ("called", "no_answer")
BUTTONS: Final[Mapping[TaskKind, tuple[str, ...]]] = {
    **dict.fromkeys((TaskKind.DID_SHE_COME, TaskKind.SAYS_ATTENDED), ("came", "missed")),
    **dict.fromkeys((TaskKind.NEW_DATE, TaskKind.MEANT_DATE), ("new_date", "called")),
    **dict.fromkeys((TaskKind.READ_MESSAGE, TaskKind.INCIDENT, TaskKind.GATEWAY, TaskKind.CREDIT), ("done",)),
}
"""What can be said of a task with one tap, where it is not that she was called or did not answer."""


def add_today(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/today")
    def today() -> str:
        return desk.ask(lambda reading: _today(reading, desk))

    @pages.post("/sites/<uuid:site_id>/close-day")
    def close_site_day(site_id: UUID) -> AnyResponse:
        day = chosen_day("day")

        def close(tx: Transaction) -> str:
            if not _may_close(site_id) or day > desk.parts.programme.today(tx.now):
                abort(404)
            close_day(tx, desk.parts.programme, site_id, day)
            return back("day_closed")

        return desk.act(close)


def _today(reading: Reading, desk: Desk) -> str:
    day = desk.parts.programme.today(reading.now)
    tasks = report.open_tasks(reading, me().caseload, MOST_TASKS + 1)
    alarms = [task for task in tasks if task.alarms]
    return page(
        "today.html",
        day=day,
        now=reading.now,
        alarms=alarms,
        tasks=[task for task in tasks[:MOST_TASKS] if not task.alarms],
        more=len(tasks) > MOST_TASKS,
        visits=report.expected(reading, me().caseload, day, MOST_VISITS),
        open_days=report.open_days(reading, sites_of(me().posts, *AT_A_SITE), day),
        buttons=lambda task: BUTTONS.get(task.kind, USUAL),
    )


AT_A_SITE: Final = (Role.MENTOR, Role.COORDINATOR)


def _may_close(site_id: UUID) -> bool:
    sites = sites_of(me().posts, *AT_A_SITE)
    return sites is None or site_id in sites
