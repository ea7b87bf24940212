"""The record of who did what, for whoever has to look into it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, request

from handlers.staff.desk import Desk, page
from service.reports.audit import audit_lines, verbs
from service.store.transaction import Reading

PER_PAGE: Final = 50


def add_audit(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/audit")
    def audit() -> str:
        return desk.ask(_page)


def _page(reading: Reading) -> str:
    known = verbs(reading)
    verb = request.args.get("verb", "")
    lines = audit_lines(reading, PER_PAGE + 1, request.args.get("before", None, UUID), verb or None)
    return page("audit.html", lines=lines[:PER_PAGE], more=len(lines) > PER_PAGE, verbs=known, verb=verb)
