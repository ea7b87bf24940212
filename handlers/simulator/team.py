"""The staff of the demonstration: one press opens their pages, and their authenticator shows its codes."""

from dataclasses import dataclass

import pyotp
from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff import cookies
from service.actions import sign_in, sign_in_device, sign_in_session
from service.actions.sign_in import Entered
from service.actions.staff import find_staff
from service.parts import Parts
from service.seeding.cast import DESKS, DEVICE_CODE, PLACES, TOTP_KEY
from service.seeding.seed import SEEDER
from service.store.database import database_now
from service.store.transaction import Reading, Transaction

ROLES = {
    "mentor": "Mentor Mother",
    "coordinator": "coordinator",
    "me": "monitoring and evaluation",
    "admin": "administrator",
    "auditor": "auditor",
}


@dataclass(frozen=True)
class Door:
    name: str
    role: str


DOORS = (
    Door(PLACES[0].mentor, f"{ROLES['mentor']}, {PLACES[0].district}"),
    *(Door(desk.name, ROLES[desk.role]) for desk in DESKS),
)


def code_now(reading: Reading) -> str:
    """What the authenticator of everybody here shows."""
    return pyotp.TOTP(TOTP_KEY).at(int(database_now(reading.connection)))


def add_team(pages: Blueprint, parts: Parts) -> None:
    @pages.post("/simulator/enter")
    def enter() -> AnyResponse:
        """As if she had just signed in, on a browser that is known to be hers."""
        name, shown = request.form.get("name", ""), cookies.shown(cookies.DEVICE)
        entered = parts.store.write(lambda tx: _enter(tx, name, shown), SEEDER)
        answer = redirect(url_for("staff.front"), code=303)
        cookies.give(answer, cookies.SESSION, entered.session)
        if entered.device:
            cookies.give(answer, cookies.DEVICE, entered.device)
        return answer


def _enter(tx: Transaction, name: str, device: str | None) -> Entered:
    staff_id = find_staff(tx, name)
    colleague = sign_in_session.colleague_of(tx, staff_id) if staff_id else None
    if colleague is None:
        return abort(400)
    token = sign_in_session.begin(tx, colleague, None)
    here = sign_in_session.standing(tx, token) or abort(400)
    known = sign_in.recognise(tx, colleague, device)
    if colleague.works_by_device:  # that spent the code which the terminal shows
        sign_in_device.keep_code(tx, colleague.id, DEVICE_CODE)
    return Entered(sign_in_session.renew(tx, here.session_id), known)
