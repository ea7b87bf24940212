"""Two records of one woman: which of their babies are one, the merge, and its undoing."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers, unless_taken
from handlers.staff.desk import Desk, back, me, page
from service.actions.merge import merge, unmerge
from service.actions.merge_infants import SameInfant
from service.programme import Programme
from service.reports.changes import merges_into
from service.reports.lookalikes import Lookalike, lookalikes
from service.store.caseloads import client_in
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction

ANOTHER: Final = "another"
"""The answer that a baby of the other record is none of those in this one."""


def add_merging(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/clients/<code>/merge")
    def merge_question(code: str) -> str:
        return desk.ask(lambda reading: _question(reading, hers(reading, code)))

    @pages.post("/clients/<code>/merge")
    def merge_clients(code: str) -> AnyResponse:
        return unless_taken(desk, lambda tx: _merge(tx, desk.parts.programme, hers(tx, code)))

    @pages.post("/clients/<code>/merges/<uuid:merge_id>/undo")
    def undo_merge(code: str, merge_id: UUID) -> AnyResponse:
        def undo(tx: Transaction) -> str:
            known = {row.id for row in merges_into(tx, hers(tx, code).id)}
            return back("unmerged") if merge_id in known and unmerge(tx, merge_id) else abort(404)

        return unless_taken(desk, undo)


def _question(reading: Reading, woman: ClientRecord) -> str:
    other = _other(reading, woman)
    alike = lookalikes(reading, woman, other) if other else ()
    return page("merge.html", woman=woman, other=other, alike=alike, another=ANOTHER)


def _other(reading: Reading, woman: ClientRecord) -> ClientRecord | None:
    """Another client of whoever asks, by the code that she gave."""
    other = client_in(reading, me().caseload, "".join(request.values.get("other", "").split()))
    return other if other and other.id != woman.id else None


def _merge(tx: Transaction, programme: Programme, woman: ClientRecord) -> str:
    """Nothing is merged before somebody has said of each baby that looks like another which it is."""
    other = _other(tx, woman)
    if other is None:
        return back("not_merged")
    alike = lookalikes(tx, woman, other)
    same = _said(alike)
    if same is None:
        told = "which_babies" if any(request.form.get(_field(one)) for one in alike) else ""
        return url_for("staff.merge_question", code=woman.code, other=other.code, told=told or None)
    return back("merged" if merge(tx, programme, woman.id, other.id, same) else "not_merged")


def _said(alike: Sequence[Lookalike]) -> tuple[SameInfant, ...] | None:
    """``None`` where an answer is missing, or two babies of one record would be one."""
    said = [(one, request.form.get(_field(one), "")) for one in alike]
    if any(answer not in {ANOTHER, *(str(known.id) for known in one.perhaps)} for one, answer in said):
        return None
    same = tuple(SameInfant(UUID(answer), one.infant.id) for one, answer in said if answer != ANOTHER)
    return same if len({one.kept_id for one in same}) == len(same) else None


def _field(one: Lookalike) -> str:
    return f"infant-{one.infant.id}"
