"""Her own account: the language, a new password or PIN, and the way out."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, me, page, session_id, words
from handlers.staff.sign_in import asked_to_wait, hashing, typed_here, weighed
from service.actions import sign_in as door
from service.actions.credentials import CredentialKind, hashed
from service.actions.own_secret import (
    NewPassword,
    NewPin,
    NewSecret,
    SecretFault,
    fault_of,
    replace_secret,
)
from service.actions.sign_in import TooSoon
from service.actions.sign_in_session import Locked
from service.store.transaction import Transaction

Refused = tuple[str, int]


def add_account(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/account")
    def account() -> str:
        return _page(None)

    @pages.post("/account/secret")
    def change_secret() -> AnyResponse | Refused:
        return _change_secret(desk)


def _page(wrong: str | None) -> str:
    return page("account.html", wrong=wrong)


def _refused(key: str, status: int) -> Refused:
    return _page(words()(f"account.{key}")), status


def _change_secret(desk: Desk) -> AnyResponse | Refused:
    """Ask for the old one as the door does, and count the try; then take the new one."""
    typed, new, kind = typed_here(), request.form.get("new", ""), _kind()
    if new != request.form.get("again"):
        return _refused("not_the_same", 422)
    if fault := fault_of(kind, new):
        return _refused(fault, 422)
    applicant = desk.write(lambda tx: door.knock_again(tx, Locked(session_id(), me()), typed))
    if isinstance(applicant, TooSoon):
        return _page(asked_to_wait(applicant)), 429
    if not weighed(desk, applicant, typed):
        return _refused("wrong", 401)
    secret = _to_be_kept(desk, kind, new)

    def take(tx: Transaction) -> SecretFault | None:
        door.forgive(tx, applicant, typed)
        return replace_secret(tx, me().id, session_id(), secret)

    refused = desk.write(take)
    return _refused(refused, 422) if refused else redirect(url_for("staff.account", told="secret_new"), 303)


def _kind() -> CredentialKind:
    """What she signs in with."""
    return CredentialKind.PIN if me().works_by_device else CredentialKind.PASSWORD


def _to_be_kept(desk: Desk, kind: CredentialKind, new: str) -> NewSecret:
    if kind is CredentialKind.PIN:
        return NewPin(new)
    with hashing(desk):
        return NewPassword(hashed(desk.parts.store.vault, kind, new))
