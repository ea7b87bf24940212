"""The API, put together: its views, its description (OpenAPI 3.1) and the pages that show it."""

from importlib.metadata import version
from typing import Any, Final

from flask import Flask, Response, redirect, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_openapi3_swagger.plugins import RegisterPlugin
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from handlers.api import problem, refusal
from handlers.api.clients import add_clients
from handlers.api.desk import Desk
from handlers.api.fhir import add_fhir
from handlers.api.guard import add_guard
from handlers.api.infants import add_infants
from handlers.api.messages import add_messages
from handlers.api.problem import Problem
from handlers.api.reminders import add_reminders
from handlers.api.reports import add_reports
from handlers.api.sites import add_sites
from handlers.api.staff import add_staff
from handlers.api.tasks import add_tasks
from handlers.api.visits import add_visits
from handlers.api.webhooks import add_webhooks
from service.domain.throttle import REQUESTS
from service.parts import Parts

PREFIX: Final = "/api"
VIEWS: Final = (
    add_clients,
    add_infants,
    add_visits,
    add_reminders,
    add_messages,
    add_tasks,
    add_sites,
    add_staff,
    add_reports,
    add_webhooks,
    add_fhir,
)
_ABOUT: Final = (
    "People are named by code. Every request that changes something carries an Idempotency-Key of its own, "
    "and is carried out once. Days are local, moments UTC. What goes wrong is a problem (RFC 9457). "
    f"A token may ask {REQUESTS} times in a minute; after that the answer is 429 with a Retry-After."
)
_BEARER: Final[dict[str, Any]] = {"bearer": {"type": "http", "scheme": "bearer"}}
_PROBLEM: Final = {"$ref": f"#/components/schemas/{Problem.__name__}"}
_OWN_FILES: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)


def empty_app(name: str) -> Flask:
    """An application that checks what comes to the API against its description."""
    return OpenAPI(
        name,
        info=Info(title="Khopotso", version=version("khopotso"), description=_ABOUT),
        security_schemes=_BEARER,
        validation_error_model=Problem,
        validation_error_callback=_unfit,
        doc_ui=False,
        static_folder=None,
    )


def open_api(app: Flask, parts: Parts) -> None:
    assert isinstance(app, OpenAPI)
    api = APIBlueprint(
        "api",
        __name__,
        url_prefix=f"{PREFIX}/v1",
        abp_security=[{"bearer": []}],
        abp_responses=problem.described(problem.MEDIA_TYPE, _PROBLEM),
    )
    desk = Desk(parts)
    add_guard(api, desk)
    for add in VIEWS:
        add(api, desk)
    app.register_api(api)
    _describe(app)


def is_asked() -> bool:
    """Whether the request is one to the API, though perhaps to no address that is there."""
    return request.path.startswith(f"{PREFIX}/v1/")


def refused(error: HTTPException) -> Response:
    return refusal.of_http(error)


def _unfit(error: ValidationError) -> Response:
    return refusal.of_validation(error)


def _by_noun(described: dict[str, Any]) -> dict[str, Any]:
    """With a heading for each noun, which is what stands behind the prefix."""
    for path, operations in described["paths"].items():
        noun = path.removeprefix(f"{PREFIX}/v1/").partition("/")[0]
        for operation in operations.values():
            operation["tags"] = [noun]
    return described


def _describe(app: OpenAPI) -> None:
    """The description, and pages of our own files that show it and let it be tried."""
    app.register_blueprint(RegisterPlugin.register("../openapi.json"), url_prefix=f"{PREFIX}/docs")

    @app.route(f"{PREFIX}/openapi.json")
    def openapi() -> dict[str, Any]:
        return _by_noun(app.api_doc)

    @app.route(f"{PREFIX}/docs")
    def docs() -> AnyResponse:
        return redirect(f"{PREFIX}/docs/swagger", code=303)

    @app.after_request
    def only_own_files(response: AnyResponse) -> AnyResponse:
        if request.path.startswith(f"{PREFIX}/docs"):
            response.headers["Content-Security-Policy"] = _OWN_FILES
        return response
