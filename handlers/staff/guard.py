"""Before each page: who is it, may she, is the form ours. After it: nothing is kept, nothing foreign runs."""

import gzip
from typing import Final

import structlog
from flask import Blueprint, Response, redirect, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError, Unauthorized
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from handlers.staff import cookies
from handlers.staff.desk import CSRF_FIELD, Desk, enter_as, page, whoever
from handlers.staff.rights import OPEN, RIGHTS
from service.actions.sign_in_session import HalfWay, Locked, SignedIn, Standing, is_stale, note_seen, standing
from service.domain.people import SYSTEM

CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
OURSELVES: Final = frozenset({"same-origin", "none", None})
"""How browsers name a request that no other site's page has made; old ones name nothing."""

STATIC: Final = "staff.static"
REFRESH: Final = "X-Refresh"
"""The header with which a page asks for itself again."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_WORTH_SQUEEZING: Final = 500

log = structlog.get_logger()


def add_guard(pages: Blueprint, desk: Desk) -> None:
    @pages.before_request
    def let_in() -> AnyResponse | str | tuple[str, int] | None:
        if request.method == "POST":
            _refuse_foreign_forms()
        return None if request.endpoint == STATIC else _let_in(desk)

    pages.after_request(_seal)
    pages.after_request(_squeeze)
    pages.register_error_handler(HTTPException, _refusal)
    pages.register_error_handler(Exception, _failure)


def _refuse_foreign_forms() -> None:
    """Raises ``CSRFError`` or ``Forbidden`` for a form that was not made here for this browser."""
    if request.headers.get("Sec-Fetch-Site") not in OURSELVES:
        raise Forbidden
    try:
        validate_csrf(request.form.get(CSRF_FIELD))
    except ValidationError as error:
        raise CSRFError(error.args[0]) from None


def _let_in(desk: Desk) -> AnyResponse | tuple[str, int] | None:
    found = found_standing(desk)
    if isinstance(found, SignedIn):
        enter_as(found.colleague, found.session_id)
    if request.endpoint in OPEN:
        return None
    match found:
        case SignedIn():
            _note_seen(desk, found)
            _refuse_others(found)
            return None
        case Locked():
            return _locked(found)
        case HalfWay():
            return redirect(url_for("staff.second_step"), code=303)
        case None:
            return redirect(url_for("staff.sign_in", to=_wanted()), code=303)


def found_standing(desk: Desk) -> Standing:
    token = cookies.shown(cookies.SESSION)
    return desk.ask(lambda reading: standing(reading, token)) if token else None


def _note_seen(desk: Desk, here: SignedIn) -> None:
    """A page that looks again by itself does not mean that somebody is there."""
    if REFRESH not in request.headers and desk.ask(lambda reading: is_stale(reading, here.session_id)):
        desk.parts.store.write(lambda tx: note_seen(tx, here.session_id), SYSTEM)


def _refuse_others(here: SignedIn) -> None:
    if not here.colleague.roles & RIGHTS.get(request.endpoint or "", frozenset()):
        raise Forbidden


def _locked(found: Locked) -> AnyResponse | tuple[str, int]:
    """To the lock; what she had just sent is kept in the page until she has opened it."""
    if request.method != "POST":
        return redirect(url_for("staff.unlock", to=_wanted()), code=303)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != CSRF_FIELD]
    return page("unlock.html", name=found.colleague.name, to=request.path, kept=kept, wrong=None), 401


def _wanted() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _seal(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    kept = request.endpoint == STATIC and request.args.get("v") and response.status_code == 200
    response.headers["Cache-Control"] = _FOR_EVER if kept else "no-store"
    return response


def _squeeze(response: Response) -> Response:
    """A page over a slow line takes a quarter of the time."""
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _WORTH_SQUEEZING or not request.accept_encodings["gzip"] or response.status_code == 304:
        return response
    response.set_data(gzip.compress(body, 9, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response


def _refusal(error: HTTPException) -> AnyResponse | tuple[str, int]:
    if isinstance(error, Unauthorized):
        return redirect(url_for("staff.sign_in"), code=303)
    status = error.code or 500
    key = f"refused.{'form' if isinstance(error, CSRFError) else status}"
    return page("refused.html", key=key, back=whoever() is not None), status


def _failure(_: Exception) -> tuple[str, int]:
    log.exception("page failed", endpoint=request.endpoint)
    return page("refused.html", key="refused.500", back=True), InternalServerError.code
