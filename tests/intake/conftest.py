"""A programme with the shipped texts and plans, without and with a database."""

from collections.abc import Iterator

import pytest

from config import wiring
from config.settings import Settings
from handlers.gateways.simulator import Settings as SimulatorSettings
from service.actions import sites
from service.domain.people import OPERATOR
from service.intake.place import Place
from service.store import database
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.store import Store
from tests.intake.office import Office
from tests.worker.village import MONDAY, HandClock, at


@pytest.fixture(scope="session")
def place() -> Place:
    """Lesotho, on a Monday in November 2026; no database."""
    settings = Settings(gateways=("simulator",), ussd_code="*123#", demo=True)
    configuration = wiring.Configuration(settings, {"simulator": SimulatorSettings()})
    return Place(wiring.read_programme(configuration), "LS", MONDAY, ("Ha Demo",))


@pytest.fixture
def office(database_url: str, place: Place) -> Iterator[Office]:
    """The same with a database, and one site, *Ha Demo*."""
    clock = HandClock(at(MONDAY, "10:00"))
    with Store(database.connect(database_url), Vault(KeyRing((make_key(),))), clock) as store:
        site = store.write(lambda tx: sites.add_site(tx, "Ha Demo", "Berea"), OPERATOR)
        assert site
        store.write(lambda tx: sites.activate(tx, site), OPERATOR)
        yield Office(store, clock, place)
