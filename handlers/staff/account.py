"""Her own account: the language, a new password, and the way out."""

from flask import Blueprint

from handlers.staff.desk import Desk, page


def add_account(pages: Blueprint, desk: Desk) -> None:  # noqa: ARG001
    @pages.get("/account")
    def account() -> str:
        return page("account.html")
