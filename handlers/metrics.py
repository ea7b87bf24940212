"""``/metrics``: the service as a number of gauges, in the text format of Prometheus."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from handlers.ussd import KIND
from service.parts import Parts
from service.reports.gauges import Gauges, gauges

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 5.0)
"""A phone waits for two; a gateway gives up after ten or fifteen."""

_REGISTRY: Final = "metrics"
_UP: Final = "1: the database answers."


log = structlog.get_logger()


class _FromDatabase(Collector):
    """Asked anew at each look, so that every process says the same."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        names = tuple(self._parts.gateways)
        waiting = self._parts.spool.count()
        yield _gauge("spool", "Inbound texts that wait in the spool of this machine.", waiting)
        try:
            found = self._parts.store.read(lambda reading: gauges(reading, names))
        except SQLAlchemyError:
            yield _gauge("database_up", _UP, 0)
            return
        yield _gauge("database_up", _UP, 1)
        yield from _plain(found)
        yield from _by_label(found, names)


def _plain(found: Gauges) -> Iterator[Metric]:
    known = (
        ("late", "Texts and reminders that should have left by now.", found.late),
        ("oldest_due_seconds", "How long ago the first of those was due.", found.oldest_due),
        ("unknown", "Texts of which nobody knows whether they went.", found.unknown),
        ("last_receipt_seconds", "How long ago the last delivery report came.", found.last_receipt),
        ("pauses", "Stop buttons that are pressed.", found.paused),
        ("danger_unanswered", "Alarms that nobody has taken.", found.unanswered_danger),
        ("news_waiting", "News that webhooks have not taken yet.", found.news_waiting),
    )
    for name, means, value in known:
        if value is not None:
            yield _gauge(name, means, value)


def _by_label(found: Gauges, gateways: tuple[str, ...]) -> Iterator[Metric]:
    yield _labelled("queued", "Texts in the queue, by class.", "class", found.queued.items())
    yield _labelled("tasks_open", "Tasks that are not closed.", "urgency", found.open_tasks.items())
    accounts = [(name, int(name not in found.refused)) for name in gateways]
    yield _labelled(
        "account_good", "0: the provider refuses our account (credit, key, sender).", "gateway", accounts
    )
    resting = [(name, int(name in found.resting)) for name in gateways]
    yield _labelled("gateway_resting", "1: it does not do its work and is tried later.", "gateway", resting)
    yield _labelled(
        "credit",
        "Money left in the account, in its own currency.",
        "gateway",
        [(one.gateway, float(one.left.amount)) for one in found.credit],
    )
    yield _labelled(
        "credit_low",
        "1: what is left lasts three days at most.",
        "gateway",
        [(one.gateway, int(one.is_low)) for one in found.credit],
    )
    yield _labelled("ussd_calls_hour", "Calls that began in the last hour.", "end", found.calls.items())
    shown = [(one.screen, one.entered) for one in found.screens]
    yield _labelled("ussd_screens_hour", "How often each screen was shown in the last hour.", "screen", shown)
    dropped = [(one.screen, one.dropped) for one in found.screens]
    yield _labelled("ussd_dropped_hour", "How often nobody went on from it.", "screen", dropped)


def _gauge(name: str, means: str, value: float) -> Metric:
    return GaugeMetricFamily(f"khopotso_{name}", means, value=value)


def _labelled(name: str, means: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    metric = GaugeMetricFamily(f"khopotso_{name}", means, labels=[label])
    for named, value in values:
        metric.add_metric([str(named)], value)
    return metric


def open_metrics(app: Flask, parts: Parts) -> None:
    """Gather what the database knows and how long phones wait; shown here, or apart where that is set."""
    registry = CollectorRegistry()
    registry.register(_FromDatabase(parts))
    app.extensions[_REGISTRY] = registry
    _watch_phones(app, registry)
    if parts.metrics_bind is None:
        app.add_url_rule("/metrics", "metrics", lambda: _shown(registry))


def _watch_phones(app: Flask, registry: CollectorRegistry) -> None:
    waited = Histogram(
        "khopotso_ussd_seconds",
        "How long this process took for a screen.",
        buckets=SECONDS,
        registry=registry,
    )

    @app.before_request
    def begin() -> None:
        g.asked_at = monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        if request.blueprint == "hooks" and (request.view_args or {}).get("kind") == KIND:
            waited.observe(monotonic() - g.asked_at)
        return response


def _shown(registry: CollectorRegistry) -> Response:
    return Response(generate_latest(registry), content_type=CONTENT_TYPE)


@contextmanager
def shown_apart(app: Flask, parts: Parts) -> Iterator[None]:
    """The metrics on an address of their own, if one is set: the first process that asks for it has it."""
    if parts.metrics_bind is None:
        yield
        return
    host, port = parts.metrics_bind
    try:
        server, thread = start_wsgi_server(port, host, app.extensions[_REGISTRY])
    except OSError as error:
        log.warning("metrics not shown", reason=error.strerror)
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
