"""A village behind the real web application, the real gateway to Africa's Talking and that to AAT."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from handlers.app import create_app
from handlers.gateways import aat, africastalking
from handlers.gateways.definition import Surroundings
from service.actions.route import Line
from tests.databases import SqliteFolder
from tests.gateways.stand_in import StandIn, serving
from tests.worker.village import PATIENT, Village, open_village

TOKEN = "a-secret-of-the-path-9f2c41d0"


@dataclass
class Service:
    """``web`` is whoever calls our routes, ``provider`` what our gateway calls."""

    village: Village
    web: FlaskClient
    provider: StandIn

    def hook(self, kind: str, token: str = TOKEN, **form: str) -> TestResponse:
        """The provider calls one of our addresses."""
        return self.web.post(f"/hooks/africastalking/{token}/{kind}", data=form)

    def aat_hook(self, **query: str) -> TestResponse:
        """The other network calls, which says everything in the address."""
        return self.web.get(f"/hooks/aat/{TOKEN}/ussd", query_string=query)

    def sent(self) -> list[str]:
        """The texts that the provider took."""
        return [sent.text for sent in self.provider.accepted]


@contextmanager
def open_service(database_url: str) -> Iterator[Service]:
    with open_village(database_url) as village, serving() as provider:
        here = Surroundings(terminal=sys.stdout, public_url="https://khopotso.example.org")
        settings = africastalking.Settings(
            username="village",
            api_key=SecretStr("key"),
            sender="21512",
            webhook_tokens=(SecretStr(TOKEN),),
            base_url=provider.url,
        )
        gateway = africastalking.AfricasTalking(settings, here)
        ussd_only = aat.Aat(aat.Settings(webhook_tokens=(SecretStr(TOKEN),)), here)
        village.parts = replace(
            village.parts,
            gateways={gateway.name: gateway, ussd_only.name: ussd_only},
            lines=(Line(gateway.name, 1000.0),),
        )
        yield Service(village, create_app(village.parts, patience=PATIENT).test_client(), provider)


@contextmanager
def rewound(
    folder: SqliteFolder, name: str, prepare: Callable[[Service], None]
) -> Iterator[Callable[[], Service]]:
    """A service whose database is as ``prepare`` left it whenever it is asked for; quicker than a new one."""
    folder.clone("template", name)
    file = str(make_url(folder.url(name)).database)
    with open_service(folder.url(name)) as service:
        prepare(service)
        _copy(file, f"{file}.kept")

        def again() -> Service:
            _copy(f"{file}.kept", file)
            return service

        yield again
    folder.drop(name)


def _copy(source: str, target: str) -> None:
    """Page by page through the database, so that whoever has it open sees the change."""
    with closing(sqlite3.connect(source)) as kept, closing(sqlite3.connect(target)) as changed:
        kept.backup(changed)
