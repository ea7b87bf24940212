"""For other WSGI servers than our own: ``wsgi:app``. It runs no worker.

Behind a proxy such a server must itself put the caller's address in the place of the proxy's, or all callers
share one: who may call a webhook, and how often somebody may guess, go by it.
"""

import atexit
from contextlib import ExitStack
from typing import Any

from flask import Flask

from config import logs, safety, wiring
from handlers.app import create_app
from handlers.rehearsal import rehearse


def _make_app() -> Flask:
    """The application with everything opened; it stays open as long as the server's process lives."""
    logs.configure()
    configuration = wiring.read_settings()
    opened = ExitStack()
    atexit.register(opened.close)
    parts = opened.enter_context(wiring.open_parts(configuration))
    safety.insist(configuration, parts)
    rehearse(parts)
    return create_app(parts, configuration.settings.public_url, wiring.let_time_pass)


def __getattr__(name: str) -> Any:
    """Importing this module does nothing; a server's first look at ``app`` opens everything."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = _make_app()
    return globals()["app"]
