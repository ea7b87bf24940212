"""The service with made-up people on one machine: web, worker, made-up time and a simulated gateway."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

import click
from flask import Flask

from config import logs, wiring
from config.clock import DemoClock, RealClock
from config.settings import PREFIX, Settings
from config.stopping import told_to_stop
from handlers.app import create_app
from handlers.cli import serving
from handlers.cli.demo_folder import USUAL, Folder, PhoneLine
from handlers.cli.parts import plain_sentences
from handlers.gateways import simulator as gateway
from handlers.gateways.postman import Postman
from handlers.simulator.flow import Flow
from handlers.simulator.handset import Desk
from handlers.simulator.network import Network
from handlers.simulator.pages import Simulator, blueprint
from service.parts import Parts
from service.reports.ahead import newest_moment
from service.seeding.cast import (
    CLIENTS,
    CODE,
    DESKS,
    DEVICE_CODE,
    FICTION,
    PASSWORD,
    PIN,
    PLACES,
    TOTP_KEY,
    TRANSPORT,
    phone,
)
from service.seeding.seed import SEEDER, is_seeded, seed
from service.seeding.story import first_morning
from service.seeding.team import give_codes

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Where the made-up clock stands until it is known how far the demonstration has come."""


@dataclass(frozen=True)
class Running:
    parts: Parts
    clock: DemoClock
    hooks: str


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--data",
    default=USUAL,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for its database and key file.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
def demo(port: int, data: Path, host: str) -> None:
    """The service with clearly fake people: two phones to play with, and a clock to put forward.

    No real SMS is sent. A second start goes on where the first one stopped; Ctrl-C stops it.
    """
    folder = Folder(data)
    with told_to_stop() as stop, serving.listening(host, port) as listener, plain_sentences(), folder.taken():
        address = serving.address(host, listener)
        with _opened(folder, address) as running, serving.working(running.parts, stop):
            app = _app(running)
            with folder.line_open(PhoneLine(running.hooks, phone(CLIENTS[0].ending))):
                _welcome(folder, address, running)
                serving.answer(app, listener, stop)
    click.echo("Stopped.")


@contextmanager
def _opened(folder: Folder, address: str) -> Iterator[Running]:
    """Everything, opened on the folder's database, which is made and filled if it is new."""
    folder.prepare()
    token = token_urlsafe(24)
    clock = DemoClock(LONG_AGO)
    configuration = _configuration(folder, token)
    with (
        folder.log.open("a") as log,
        wiring.open_parts(configuration, clock, Postman(address)) as parts,
    ):
        logs.configure(log)
        _begin(parts, clock)
        yield Running(parts, clock, f"{address}{gateway.path(token, '')}")


def _configuration(folder: Folder, token: str) -> wiring.Configuration:
    """The demonstration's own settings; those of the environment are not looked at."""
    settings = Settings.model_construct(
        data_dir=folder.path,
        key_file=folder.keys,
        gateways=(gateway.NAME,),
        allowed_destinations=(FICTION,),
        ussd_code=CODE,
        transport_number=TRANSPORT,
        demo=True,
    )
    tokens = gateway.Settings.model_validate({"webhook_tokens": token})
    return wiring.Configuration(settings, {gateway.NAME: tokens})


def _begin(parts: Parts, clock: DemoClock) -> None:
    """Put the clock to where the last run stopped, or fill the database for the first one."""
    if parts.store.read(is_seeded):
        clock.skip_to(parts.store.read(newest_moment) or LONG_AGO)
    else:
        clock.skip_to(first_morning(RealClock().now(), parts.programme))
        parts.store.write(lambda tx: seed(tx, parts.programme, gateway.NAME), SEEDER)
    parts.store.write(give_codes, SEEDER)


def _app(running: Running) -> Flask:
    network = Network(running.hooks)
    flow = Flow(running.parts, running.clock, partial(wiring.work_once, running.parts))
    app = create_app(running.parts, travel=wiring.let_time_pass)
    app.register_blueprint(blueprint(Simulator(running.parts, flow, network, Desk(network, CODE))))
    return app


def _welcome(folder: Folder, address: str, running: Running) -> None:
    client, mentor = CLIENTS[0], PLACES[0]
    ignored = sorted(name for name in os.environ if name.startswith(PREFIX))
    zone = running.parts.programme.calendar.zone
    click.echo(f"""
Khopotso demonstration. No real SMS is sent, and everybody in it is made up.

  {address}/simulator

  {client.name:<8} client         {phone(client.ending).e164}  reads texts, answers 1, 2 or 3, dials {CODE}
  {mentor.mentor:<8} Mentor Mother  {phone(mentor.ending).e164}  texts DUE and gets the codes of who is due
  To text and to dial, neither needs a PIN.

  The same page opens the pages of staff with one press. To sign in there by hand, as on a real phone:
  {mentor.mentor:<8} Mentor Mother  PIN {PIN}, and once on a new phone the code {DEVICE_CODE}
{_desks()}
  The second step of coordinator and admin: the code on that page (the key for an app is {TOTP_KEY}).

  Its clock shows {running.clock.now().astimezone(zone):%A %-d %B %Y, %H:%M}.
  Its data is in {folder.path}; delete that folder to begin anew.
  In another terminal: {Path(sys.argv[0])} dial{_elsewhere(folder)}""")
    if ignored:
        click.echo(f"  Settings of the environment are not used here: {', '.join(ignored)}.")
    click.echo("  Ctrl-C stops it.")


def _desks() -> str:
    return "\n".join(f"  {desk.name:<8} {desk.role:<14} password {PASSWORD}" for desk in DESKS)


def _elsewhere(folder: Folder) -> str:
    return "" if folder.path == USUAL else f" --data {shlex.quote(str(folder.path))}"
