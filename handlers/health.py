"""Whether the service is alive, and whether it can do its work. No personal data."""

import structlog
from flask import Blueprint, Response
from sqlalchemy import text

from service.parts import Parts

log = structlog.get_logger()


def blueprint(parts: Parts) -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain")

    @health.get("/readyz")
    def ready() -> Response:
        try:
            parts.store.read(lambda reading: reading.connection.execute(text("SELECT 1")))
        except Exception:
            log.exception("not ready")
            return Response("the database does not answer\n", status=503, content_type="text/plain")
        return Response("ready\n", content_type="text/plain")

    return health
