"""What runs until it is told to stop: web server, worker, or both in one process."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from config import logs, safety, wiring
from handlers.app import create_app
from handlers.cli.parts import Opened, opened, plain_sentences
from handlers.cli.serving import serve as answer
from handlers.cli.serving import told_to_stop, working


@contextmanager
def started() -> Iterator[Opened]:
    """Everything, opened and found safe to meet real people, or to be a demonstration."""
    logs.configure()
    with opened() as everything:
        with plain_sentences():
            safety.insist(everything.configuration, everything.parts)
        yield everything


_host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
_port = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))


@click.command()
@_host
@_port
def run(host: str, port: int) -> None:
    """Web server and worker in one process. Ctrl-C or SIGTERM finishes the work in hand and stops."""
    with started() as everything, told_to_stop() as stop, working(everything.parts, stop):
        app = create_app(everything.parts, everything.settings.public_url)
        answer(
            app, host, port, lambda address: click.echo(f"Khopotso runs on {address} (Ctrl-C stops it)"), stop
        )


@click.command()
def worker() -> None:
    """Do what is due and send it, until Ctrl-C or SIGTERM; then finish the work in hand."""
    with started() as everything, told_to_stop() as stop:
        click.echo("The worker works (Ctrl-C stops it)")
        wiring.run_worker(everything.parts, stop)
