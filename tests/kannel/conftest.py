"""The real Kannel between our real web application and two kinds of operator."""

from collections.abc import Iterator
from threading import Thread

import pytest
from werkzeug.serving import make_server

from handlers.app import create_app
from tests.kannel import boxes, message_centre
from tests.kannel.front import Front, Unlogged, gateway, nobody, over
from tests.worker.village import PATIENT, Village, open_village


@pytest.fixture
def kannel(boxes_and_operators: boxes.Kannel) -> boxes.Kannel:
    """Kannel with operators that deliver everything and remember nothing."""
    for centre in boxes_and_operators.operators.values():
        centre.begin_anew()
    return boxes_and_operators


@pytest.fixture(scope="session")
def boxes_and_operators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[boxes.Kannel]:
    boxes.require_kannel()
    with (
        message_centre.serving() as a,
        message_centre.serving() as b,
        boxes.running(tmp_path_factory.mktemp("kannel"), {"A": a, "B": b}) as kannel,
    ):
        yield kannel


@pytest.fixture(scope="session")
def fake(boxes_and_operators: boxes.Kannel) -> Iterator[boxes.FakeSmsc]:
    with boxes.fake_smsc(boxes_and_operators) as fake:
        yield fake


@pytest.fixture(scope="session")
def front(boxes_and_operators: boxes.Kannel) -> Iterator[Front]:
    front = Front()
    server = make_server(
        "127.0.0.1", boxes_and_operators.web_port, front, threaded=True, request_handler=Unlogged
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def village(database_url: str, kannel: boxes.Kannel, fake: boxes.FakeSmsc, front: Front) -> Iterator[Village]:
    """The whole service on the other side of Kannel, sending over the operators' links."""
    with open_village(database_url) as village:
        over(village, gateway(kannel))
        front.app = create_app(village.parts, patience=PATIENT)
        try:
            yield village
        finally:
            front.app = nobody
