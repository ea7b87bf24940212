"""What runs until it is told to stop: web server, worker, or both in one process."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkProcess
from socket import socket
from threading import Event, Thread

import click
from flask import Flask

from config import logs, safety, wiring
from config.stopping import told_to_stop
from handlers.app import create_app
from handlers.cli import serving
from handlers.cli.parts import NotSo, Opened, opened, plain_sentences
from handlers.metrics import shown_apart
from handlers.rehearsal import rehearse

_host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
_port = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))


@contextmanager
def started() -> Iterator[Opened]:
    """Everything, opened and found safe to meet real people, or to be a demonstration."""
    logs.configure()
    with opened() as everything:
        with plain_sentences():
            safety.insist(everything.configuration, everything.parts)
        yield everything


@click.command()
@_host
@_port
def run(host: str, port: int) -> None:
    """Web server and worker in one process: the usual way on one machine.

    Ctrl-C or SIGTERM finishes the work in hand and stops.
    """
    with told_to_stop() as stop, started() as everything, ExitStack() as beside:

        def ready(address: str) -> None:
            beside.enter_context(serving.working(everything.parts, stop))
            click.echo(f"Khopotso runs on {address} (Ctrl-C stops it)")

        with _app(everything) as app:
            serving.serve(app, host, port, ready, stop)


@click.command()
def worker() -> None:
    """Do what is due and send it.

    Ctrl-C or SIGTERM finishes the work in hand and stops, within 10 seconds. Any number may run.
    """
    with told_to_stop() as stop, started() as everything:
        click.echo("The worker works (Ctrl-C stops it)")
        wiring.run_worker(everything.parts, stop)


@click.command()
@_host
@_port
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes on PostgreSQL (usually 1), threads on SQLite (usually 16).",
)
def serve(host: str, port: int, workers: int | None) -> None:
    """The web server alone: webhooks and pages.

    Reminders go out only where a worker runs too. Ctrl-C or SIGTERM finishes the work in hand and stops.
    """
    with told_to_stop() as stop:
        with started() as everything:
            if everything.store.database.is_sqlite:
                with serving.draining(everything.parts, stop), _app(everything) as app:
                    serving.serve(app, host, port, _say_where, stop, workers or serving.THREADS)
                return
        with serving.listening(host, port) as listener:
            _say_where(serving.address(host, listener))
            _serve_in_processes(listener, workers or 1, stop)


@contextmanager
def _app(everything: Opened) -> Iterator[Flask]:
    rehearse(everything.parts)
    app = create_app(everything.parts, everything.settings.public_url, wiring.let_time_pass)
    with shown_apart(app, everything.parts):
        yield app


def _say_where(address: str) -> None:
    click.echo(f"Khopotso serves on {address} (Ctrl-C stops it)")


def _serve_in_processes(listener: socket, count: int, stop: Event) -> None:
    """The same in several processes that share the port. If one ends all do, so that it is noticed."""
    processes = [get_context("fork").Process(target=partial(_serve_one, listener)) for _ in range(count)]
    for process in processes:
        process.start()
    while all(process.is_alive() for process in processes) and not stop.wait(0.25):
        pass
    failed = not stop.is_set()
    _end(processes)
    if failed:
        raise NotSo("A process that served has ended; the log above says why.")


def _serve_one(listener: socket) -> None:
    try:
        with told_to_stop() as stop, started() as everything:
            Thread(target=_follow, args=(stop,), daemon=True).start()
            with serving.draining(everything.parts, stop), _app(everything) as app:
                serving.answer(app, listener, stop)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


def _follow(stop: Event) -> None:
    """Stop when the process that started this one is gone, however that came."""
    parent = parent_process()
    if parent:
        parent.join()
        stop.set()


def _end(processes: list[ForkProcess]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
