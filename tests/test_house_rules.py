"""The rules that hold for every test of this suite."""

import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own under this suite's rules."""
    monkeypatch.setenv("PYTHONPATH", str(CONFTEST.parent.parent))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST.read_text())
    return pytester


SKIPPED = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no browser')\n"


def test_a_skipped_test_fails_the_run_under_ci(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    suite.makepyfile(SKIPPED)
    result = suite.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["CI is set: a skipped test fails this run", "*1 passed, 1 skipped*"])


def test_a_skipped_test_is_fine_at_home(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    suite.makepyfile(SKIPPED)
    assert suite.runpytest_subprocess().ret == pytest.ExitCode.OK


def test_settings_of_the_developer_do_not_reach_the_tests(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHOPOTSO_DATABASE_URL", "sqlite:////production.db")
    suite.makepyfile("import os\ndef test_a(): assert 'KHOPOTSO_DATABASE_URL' not in os.environ\n")
    assert suite.runpytest_subprocess().ret == pytest.ExitCode.OK


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_a_test_cannot_call_another_machine(host: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="only this machine"):
        socket.create_connection((host, 80), timeout=0.01)


def test_a_test_cannot_look_up_another_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match="only this machine"):
        socket.getaddrinfo("api.example.org", 443)


def test_a_name_that_cannot_exist_does_not_exist() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("gateway.invalid", 443)


def test_this_machine_may_be_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_no_settings_are_in_the_environment() -> None:
    assert not [name for name in os.environ if name.startswith("KHOPOTSO_")]


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_a_database_of_its_own(database_url: str, turn: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (turn INTEGER)"))
    engine.dispose()
