"""The way in: name and password, the second step, the lock, and the way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import segno
from flask import Blueprint, abort, make_response, redirect, request, session, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff import cookies
from handlers.staff.desk import Desk, enter_as, me, page, session_id, wanted, whoever, words
from handlers.staff.guard import found_standing
from handlers.staff.words import LANGUAGES
from service.actions import sign_in as door
from service.actions import sign_in_device, sign_in_session, sign_in_totp
from service.actions.credentials import CredentialKind
from service.actions.sign_in import Applicant, Entered, TooSoon, Typed
from service.actions.sign_in_session import HalfWay, Locked
from service.actions.staff import speak
from service.domain.people import Actor, ActorKind
from service.store.transaction import Transaction

PATIENCE: Final = 3.0
"""Seconds that one waits for others' passwords to be weighed."""

VISITOR: Final = Actor(ActorKind.CALLER, "staff")
KEPT: Final = "kept."
"""How the fields of a form are called while they wait behind the lock."""


def add_sign_in(pages: Blueprint, desk: Desk) -> None:
    _add_door(pages, desk)
    _add_second_step(pages, desk)
    _add_set_up(pages, desk)
    _add_lock(pages, desk)
    _add_way_out(pages, desk)


def _add_door(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/sign-in")
    def sign_in() -> str:
        return _door()

    @pages.post("/sign-in")
    def come_in() -> AnyResponse | tuple[str, int]:
        typed = typed_here()
        applicant = desk.parts.store.write(lambda tx: door.knock(tx, desk.parts.programme, typed), VISITOR)
        if isinstance(applicant, TooSoon):
            return _door(asked_to_wait(applicant)), 429
        entered = weighed(desk, applicant, typed) and desk.parts.store.write(
            lambda tx: door.enter(tx, applicant, typed), VISITOR
        )
        return _inside(entered) if entered else (_door(_not_right()), 401)


def _door(wrong: str | None = None) -> str:
    return page("sign_in.html", wrong=wrong, to=wanted(), languages=LANGUAGES)


def _not_right() -> str:
    """The same whatever is wrong, so that it helps nobody to guess: name, secret, or a code that is over."""
    return words()("sign_in.wrong", hours=int(sign_in_device.CODE_LASTS / timedelta(hours=1)))


def typed_here() -> Typed:
    """What was typed into the fields of a door, in this browser."""
    form = request.form
    return Typed(
        who=form.get("who", ""),
        secret=form.get("secret", ""),
        code=form.get("code", ""),
        device=cookies.shown(cookies.DEVICE),
        address=request.remote_addr or "",
    )


def asked_to_wait(too_soon: TooSoon) -> str:
    return words()("sign_in.wait", minutes=int(too_soon.seconds // 60) + 1)


def weighed(desk: Desk, applicant: Applicant, typed: Typed) -> bool:
    """Whether the secret fits. Raises ``ServiceUnavailable`` when too many others are being weighed."""
    if applicant.kind is CredentialKind.PIN:
        return desk.parts.store.write(lambda tx: door.admits(tx, applicant, typed.secret), VISITOR)
    with hashing(desk):
        return door.fits(desk.parts.store.vault, applicant, typed.secret)


@contextmanager
def hashing(desk: Desk) -> Iterator[None]:
    """One of the few places for a password at work. Raises ``ServiceUnavailable`` when none gets free."""
    if not desk.slots.acquire(timeout=PATIENCE):
        raise ServiceUnavailable
    try:
        yield
    finally:
        desk.slots.release()


def _inside(entered: Entered) -> AnyResponse:
    return _with_cookies(redirect(wanted() or url_for("staff.front"), code=303), entered)


def _with_cookies(answer: AnyResponse, entered: Entered) -> AnyResponse:
    cookies.give(answer, cookies.SESSION, entered.session)
    if entered.device and entered.device != cookies.shown(cookies.DEVICE):
        cookies.give(answer, cookies.DEVICE, entered.device)
    return answer


def _add_second_step(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/second-step")
    def second_step() -> AnyResponse | str:
        here = _half_way(desk)
        return page("second_step.html", wrong=None, to=wanted()) if here.has_totp else _to_set_up()

    @pages.post("/second-step")
    def take_second_step() -> AnyResponse | tuple[str, int]:
        here, code = _half_way(desk), request.form.get("code", "")
        passed = desk.parts.store.write(lambda tx: sign_in_totp.check(tx, here.colleague.id, code), VISITOR)
        if passed is True:
            return _through(desk, here)
        wrong = _no_such_code() if passed is False else asked_to_wait(TooSoon(passed))
        return page("second_step.html", wrong=wrong, to=wanted()), 401


def _no_such_code() -> str:
    return words()("second_step.wrong", seconds=sign_in_totp.LASTS)


def _to_set_up() -> AnyResponse:
    return redirect(url_for("staff.set_up", to=wanted()), code=303)


def _half_way(desk: Desk) -> HalfWay:
    here = found_standing(desk)
    return here if isinstance(here, HalfWay) else abort(401)


def _through(desk: Desk, here: HalfWay) -> AnyResponse:
    shown = cookies.shown(cookies.DEVICE)

    def pass_through(tx: Transaction) -> Entered:
        device = door.recognise(tx, here.colleague, shown)
        return Entered(sign_in_session.renew(tx, here.session_id), device)

    return _inside(desk.parts.store.write(pass_through, VISITOR))


def _add_set_up(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/second-step/set-up")
    def set_up() -> AnyResponse | str:
        return _set_up_page(desk, _half_way(desk), None)

    @pages.post("/second-step/set-up")
    def take_set_up() -> AnyResponse | tuple[str, int]:
        here, code = _half_way(desk), request.form.get("code", "")
        if here.has_totp:
            abort(403)  # a second step is set up once; another one is a coordinator's to allow
        if desk.parts.store.write(lambda tx: sign_in_totp.take_up(tx, here.colleague.id, code), VISITOR):
            return _through(desk, here)
        return _set_up_page(desk, here, _no_such_code()), 401


def _set_up_page(desk: Desk, here: HalfWay, wrong: str | None) -> str:
    if here.has_totp:
        abort(403)
    secret = desk.ask(lambda reading: sign_in_totp.offered(reading, here.colleague.id)) or abort(401)
    address = sign_in_totp.address(secret, here.colleague.name)
    drawn = segno.make(address, error="m").svg_inline(scale=4, svgclass="qr", lineclass=None)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page("set_up.html", drawn=drawn, secret=groups, wrong=wrong, to=wanted())


def _add_lock(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/lock")
    def lock() -> AnyResponse:
        desk.write(lambda tx: sign_in_session.lock(tx, session_id()))
        return redirect(url_for("staff.unlock"), code=303)

    @pages.get("/unlock")
    def unlock() -> AnyResponse | str:
        here = found_standing(desk)
        if not isinstance(here, Locked):
            return redirect(url_for("staff.front"), code=303)
        return _lock_page(here, None)

    @pages.post("/unlock")
    def take_unlock() -> AnyResponse | tuple[str, int]:
        here = found_standing(desk)
        if not isinstance(here, Locked):
            return redirect(url_for("staff.front"), code=303)
        return _unlock(desk, here)


def _unlock(desk: Desk, here: Locked) -> AnyResponse | tuple[str, int]:
    typed = typed_here()
    applicant = desk.parts.store.write(lambda tx: door.knock_again(tx, here, typed), VISITOR)
    if isinstance(applicant, TooSoon):
        return _lock_page(here, asked_to_wait(applicant)), 429
    entered = weighed(desk, applicant, typed) and desk.parts.store.write(
        lambda tx: door.reopen(tx, applicant, here, typed), VISITOR
    )
    if not entered:
        return _lock_page(here, words()("unlock.wrong")), 401
    if not _kept():
        return _inside(entered)
    enter_as(here.colleague, here.session_id)
    return _with_cookies(make_response(page("kept.html", to=wanted(), kept=_kept())), entered)


def _lock_page(here: Locked, wrong: str | None) -> str:
    return page("unlock.html", name=here.colleague.name, to=wanted(), kept=_kept(), wrong=wrong)


def _kept() -> list[tuple[str, str]]:
    """The fields of a form that came while it was locked, and was put into the page with the lock."""
    fields = request.form.items(multi=True)
    return [(name.removeprefix(KEPT), value) for name, value in fields if name.startswith(KEPT)]


def _add_way_out(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        desk.write(lambda tx: sign_in_session.end(tx, session_id()))
        return _out()

    @pages.post("/sign-out-everywhere")
    def sign_out_everywhere() -> AnyResponse:
        desk.write(lambda tx: sign_in_session.end_all(tx, me().id))
        return _out()

    @pages.post("/language")
    def choose_language() -> AnyResponse:
        chosen = request.form.get("language", "")
        if chosen not in LANGUAGES:
            abort(400)
        here = whoever()
        if here:
            desk.write(lambda tx: speak(tx, here.id, chosen))
        answer = redirect(wanted() or url_for("staff.front"), code=303)
        cookies.give(answer, cookies.LANGUAGE, chosen)
        return answer


def _out() -> AnyResponse:
    answer = redirect(url_for("staff.sign_in"), code=303)
    cookies.take_away(answer, cookies.SESSION)
    session.clear()
    return answer
