"""Tasks: somebody has it, somebody tried, this came of it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from handlers.staff.fields import chosen, chosen_all
from handlers.staff.rights import LEAD
from handlers.staff.team import colleagues
from handlers.staff.today import BUTTONS, USUAL
from service.actions import task_life
from service.actions.task_life import Closing, TaskFault
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, InformationSource, Trouble
from service.reports import today as report
from service.reports.team import TeamRow
from service.store.caseloads import has_task
from service.store.transaction import Reading, Transaction

CALLED: Final = Closing(FollowUpOutcome.DONE, method=FollowUpMethod.PHONE, source=InformationSource.CLIENT)
DONE: Final = Closing(FollowUpOutcome.DONE)

Settling = Callable[[Transaction], TaskFault | None]


def add_tasks(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/tasks/<uuid:task_id>")
    def task(task_id: UUID) -> str | AnyResponse:
        return _task_page(desk, task_id)

    @pages.post("/tasks/<uuid:task_id>/take")
    def take_task(task_id: UUID) -> AnyResponse:
        return _settle(desk, task_id, "taken", lambda tx: task_life.acknowledge(tx, task_id, me().id))

    @pages.post("/tasks/<uuid:task_id>/no_answer")
    def no_answer(task_id: UUID) -> AnyResponse:
        method = chosen(FollowUpMethod, "method") or FollowUpMethod.PHONE
        return _settle(desk, task_id, "tried", lambda tx: task_life.note_try(tx, task_id, method))

    @pages.post("/tasks/<uuid:task_id>/called")
    def called(task_id: UUID) -> AnyResponse:
        return _close(desk, task_id, CALLED)

    @pages.post("/tasks/<uuid:task_id>/assign")
    def assign(task_id: UUID) -> AnyResponse:
        return _settle(desk, task_id, "assigned", lambda tx: _assign(tx, task_id))

    @pages.post("/tasks/<uuid:task_id>/done")
    def task_done(task_id: UUID) -> AnyResponse:
        return _close(desk, task_id, DONE)

    @pages.post("/tasks/<uuid:task_id>/close")
    def close_task(task_id: UUID) -> AnyResponse:
        return _close(desk, task_id, _closing())


def _task_page(desk: Desk, task_id: UUID) -> str | AnyResponse:
    found = desk.ask(lambda reading: report.open_task(reading, me().caseload, task_id))
    if found:
        return page(
            "task.html",
            task=found,
            buttons=BUTTONS.get(found.kind, USUAL),
            now=desk.parts.clock.now(),
            today=desk.today(),
            people=desk.ask(_people),
        )
    if desk.ask(lambda reading: has_task(reading, me().caseload, task_id)):
        return redirect(back("closed_already"), code=303)
    return abort(404)


def _people(reading: Reading) -> list[TeamRow]:
    """To whom she may give a task: whoever works where she leads, and is not shut out."""
    return [row for row in colleagues(reading) if not row.blocked] if me().roles & LEAD else []


def _assign(tx: Transaction, task_id: UUID) -> TaskFault | None:
    wanted = request.form.get("to_whom", "")
    to_whom = next((row.id for row in _people(tx) if str(row.id) == wanted), None) or abort(400)
    return task_life.reassign(tx, task_id, to_whom)


def _closing() -> Closing:
    outcome = chosen(FollowUpOutcome, "outcome") or abort(400)
    return Closing(
        outcome,
        method=chosen(FollowUpMethod, "method"),
        source=chosen(InformationSource, "source"),
        troubles=chosen_all(Trouble, "trouble"),
    )


def _close(desk: Desk, task_id: UUID, closing: Closing) -> AnyResponse:
    programme = desk.parts.programme
    return _settle(desk, task_id, "settled", lambda tx: task_life.close_task(tx, programme, task_id, closing))


def _settle(desk: Desk, task_id: UUID, told: str, settle: Settling) -> AnyResponse:
    def act(tx: Transaction) -> str:
        if not has_task(tx, me().caseload, task_id):
            abort(404)
        fault = settle(tx)
        return back(fault.name.lower() if fault else told)

    return desk.act(act)
