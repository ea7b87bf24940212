"""What every test may ask for, and the rules that hold for all of them."""

import gc
import os
import sys
from collections.abc import Iterator
from itertools import count

import pytest

from tests.compiled import compile_once
from tests.databases import DatabaseServer, PostgresServer, SqliteFolder, embedded_postgres
from tests.loopback import refuse_the_world

DIALECTS = ("sqlite", "postgresql")
TEMPLATE = "template"

_numbers = count(1)


def pytest_configure() -> None:
    """The developer's own settings decide nothing here, and nothing leaves this machine."""
    for name in [name for name in os.environ if name.upper().startswith("KHOPOTSO_")]:
        del os.environ[name]
    sys.addaudithook(refuse_the_world)
    compile_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that are given more time than others begin first, so that no process works alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    """What was collected stays to the end, so nobody need look through it again and again for garbage."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped_under_ci(terminalreporter):
        terminalreporter.write_line("CI is set: a skipped test fails this run", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Continuous integration has installed everything, so there a skipped test is a hole."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == pytest.ExitCode.OK and reporter and _skipped_under_ci(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped_under_ci(reporter: pytest.TerminalReporter) -> bool:
    return bool(os.environ.get("CI") and reporter.stats.get("skipped"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with embedded_postgres() as server:
        _make_template(server)
        yield server


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> SqliteFolder:
    folder = SqliteFolder(tmp_path_factory.mktemp("sqlite"))
    _make_template(folder)
    return folder


def _make_template(server: DatabaseServer) -> None:
    """Migrating takes far longer than copying, so it is done once on each server."""
    from service.store.database import upgrade  # the tests of the pure core need no database library

    server.create(TEMPLATE)
    upgrade(server.url(TEMPLATE))


@pytest.fixture(params=DIALECTS)
def database_server(request: pytest.FixtureRequest) -> DatabaseServer:
    """Both dialects in turn; the PostgreSQL server starts with the first test that asks for it."""
    fixture = {"sqlite": "sqlite_folder", "postgresql": "postgres_server"}[request.param]
    server: DatabaseServer = request.getfixturevalue(fixture)
    return server


@pytest.fixture
def empty_database_url(database_server: DatabaseServer) -> Iterator[str]:
    """A database of this test alone, without a table in it."""
    name = f"test_{next(_numbers)}"
    database_server.create(name)
    yield database_server.url(name)
    database_server.drop(name)


@pytest.fixture
def database_url(database_server: DatabaseServer) -> Iterator[str]:
    """A database of this test alone, with the newest schema and no rows."""
    name = f"test_{next(_numbers)}"
    database_server.clone(TEMPLATE, name)
    yield database_server.url(name)
    database_server.drop(name)
