"""A village behind the real web application, the real gateway to Africa's Talking and that to AAT."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from handlers.app import create_app
from handlers.gateways import aat, africastalking
from handlers.gateways.definition import Surroundings
from service.actions.route import Line
from tests.gateways.stand_in import StandIn, serving
from tests.worker.village import Village, open_village

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
        yield Service(village, create_app(village.parts).test_client(), provider)
