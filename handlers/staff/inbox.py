"""Replies: what women wrote."""

from typing import Final

from flask import Blueprint

from handlers.staff.desk import Desk, me, page
from service.reports.inbox import replies

MOST: Final = 30


def add_inbox(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/replies")
    def inbox() -> str:
        return page("inbox.html", rows=desk.ask(lambda reading: replies(reading, me().caseload, MOST)))
