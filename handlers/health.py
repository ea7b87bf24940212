"""Whether the service is alive, and whether it can do its work. No personal data."""

import structlog
from flask import Blueprint, Response

from service.parts import Parts
from service.reports.troubles import troubles

log = structlog.get_logger()


def blueprint(parts: Parts) -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain")

    @health.get("/readyz")
    def ready() -> Response:
        """Ready as long as the database answers; what keeps texts from leaving is told beside that."""
        try:
            found = parts.store.read(lambda reading: troubles(reading, parts.gateways))
        except Exception:
            log.exception("not ready")
            return Response("the database does not answer\n", status=503, content_type="text/plain")
        kinds = dict.fromkeys(trouble.kind for trouble in found)
        return Response("".join(f"{line}\n" for line in ("ready", *kinds)), content_type="text/plain")

    return health
