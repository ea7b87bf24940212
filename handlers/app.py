"""The web application."""

from typing import Final

import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from handlers import health, hooks
from handlers.api import door
from handlers.desks import PATIENCE
from handlers.metrics import open_metrics
from handlers.staff import pages as staff
from handlers.staff.cookies import FormCookies
from service.parts import Parts
from service.preview.engine import Travel

LARGEST_BODY: Final = 64 * 1024
MOST_PARTS: Final = 100
FORMS_LAST: Final = 12 * 3600
"""Seconds for which a page that lies open can still be sent; as long as a session at most."""

log = structlog.get_logger()


def create_app(
    parts: Parts, public_url: str = "", travel: Travel | None = None, patience: float = PATIENCE
) -> Flask:
    """Everything that answers over HTTP. ``public_url`` is the address that providers call and sign.

    Without a way to ``travel`` in time there are no previews. ``patience``: the seconds in which what a phone
    or a provider asks for must be written.
    """
    app = door.empty_app(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, MAX_FORM_PARTS=MOST_PARTS
    )
    app.register_blueprint(hooks.blueprint(parts, public_url, patience))
    app.register_blueprint(health.blueprint(parts))
    open_metrics(app, parts)
    door.open_api(app, parts)
    _open_to_staff(app, parts, travel)
    app.register_error_handler(HTTPException, _refusal)
    app.register_error_handler(Exception, _failure)
    app.after_request(_discreet)
    return app


def _open_to_staff(app: Flask, parts: Parts, travel: Travel | None) -> None:
    """The pages, whose forms are signed with a key of the key file: all processes know it, nobody else."""
    app.secret_key = parts.store.vault.mac("pages", "forms")
    app.session_interface = FormCookies()
    app.config["WTF_CSRF_TIME_LIMIT"] = FORMS_LAST
    app.register_blueprint(staff.blueprint(parts, travel))


def _refusal(error: HTTPException) -> Response:
    """A plain sentence and nothing of the program."""
    if door.is_asked():
        return door.refused(error)
    return Response(f"{error.name}\n", status=error.code, content_type="text/plain")


def _failure(_: Exception) -> Response:
    """The provider is asked to come again: what could not be kept must not be called taken."""
    log.exception("request failed")
    return Response("Please try again later\n", status=503, content_type="text/plain")


def _discreet(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
