"""Our side of the link: the service where Kannel looks for it, and its gateway."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from io import StringIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler

from handlers.gateways import kannel as module
from handlers.gateways.definition import Surroundings
from service.actions.route import Line
from tests.kannel.boxes import Kannel
from tests.worker.village import Village


def nobody(_: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Takes what comes between two tests, so that Kannel does not bring it again."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [b""]


def away(_: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """A service that is down behind a proxy that is not."""
    start("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"Please try again later"]


@dataclass
class Front:
    """What listens where Kannel looks for us; ``app`` may be replaced at any time."""

    app: WSGIApplication = nobody
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        return self.app(environ, start)


class Unlogged(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the terminal for the tests."""


def gateway(kannel: Kannel, **given: str) -> module.Kannel:
    """Ours, with the words that stand in the guide."""
    shown = {
        "username": "khopotso",
        "password": "SENDSMS_PASSWORD",
        "sender": "32100",
        "webhook_tokens": "WEBHOOK_TOKEN",
        "base_url": kannel.base_url,
        "callback_base_url": kannel.callback,
        "allowed_sources": "127.0.0.1",
    }
    return module.Kannel(module.Settings.model_validate({**shown, **given}), Surroundings(StringIO()))


def over(village: Village, line: module.Kannel) -> None:
    """Let the village's texts go out, and be heard, over this gateway alone."""
    village.parts = replace(village.parts, gateways={line.name: line}, lines=(Line(line.name, 100.0),))
