"""The pages on a port of their own, with a house of two sites behind them, in this very process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from tests.staff.house import Browser, House, open_house


@dataclass
class Clinic:
    house: House
    address: str

    def enter(self, context: BrowserContext, colleague: Browser) -> Page:
        """A page of somebody who has passed every step at the door."""
        cookie = colleague.client.get_cookie("khopotso")
        assert cookie
        context.add_cookies([{"name": "khopotso", "value": cookie.value, "url": self.address}])
        return context.new_page()

    def at(self, path: str) -> str:
        return f"{self.address}{path}"


@contextmanager
def open_clinic(database_url: str) -> Iterator[Clinic]:
    with open_house(database_url) as house:
        server = make_server("127.0.0.1", 0, house.app, threaded=True)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request hides what failed
        listening = Thread(target=server.serve_forever)
        listening.start()
        try:
            yield Clinic(house, f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            listening.join()
            server.server_close()
