"""``khopotso doctor``."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from config.clock import RealClock
from service.domain.people import OPERATOR
from service.store import pace
from service.store.models.messages import Message
from tests.cli.conftest import SITE, Installation, Terminal

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)

Told = dict[tuple[str, str], str]


def told(terminal: Terminal) -> Told:
    """State and subject of each finding, and all that is said of it."""
    found = json.loads(terminal.type("doctor", "--json").stdout)["findings"]
    heard: Told = {}
    for one in found:
        place = (one["state"], one["what"])
        heard[place] = heard.get(place, "") + f"{one['sentence']} {one['mend']}\n"
    return heard


@pytest.fixture
def ready(installation: Installation) -> Installation:
    """An installation with which everything is well."""
    installation.setting("TRANSPORT_NUMBER", "0000")
    installation.setting("UNAPPROVED_PLANS", "allow")
    installation.good(
        "staff", "add", "Lineo", "--phone", "58000002", "--role", "coordinator", "--site", SITE, "--on-call"
    )
    installation.good("site", "activate", "--all")
    return installation


def test_nothing_must_be_mended_where_all_is_well(ready: Installation) -> None:
    found = ready.good("doctor")
    assert "problem" not in found
    for what in ("settings", "texts and plans", "keys", "database", "safety", "gateway", "sites", "backlog"):
        assert f"ok       {what}: " in found


@on_sqlite
def test_it_says_how_to_mend_what_is_wrong(installation: Installation) -> None:
    found = told(installation)
    assert "KHOPOTSO_TRANSPORT_NUMBER" in found["problem", "safety"]
    assert "khopotso staff add" in found["problem", "safety"]
    assert "khopotso site activate" in found["note", "sites"]
    assert "problem  safety:" in installation.not_so("doctor")


@on_sqlite
def test_a_demonstration_is_let_through(installation: Installation) -> None:
    installation.setting("DEMO", "1")
    assert "KHOPOTSO_TRANSPORT_NUMBER" in told(installation)["note", "safety"]
    installation.good("doctor")


def test_every_wrong_setting_is_a_line(terminal: Terminal) -> None:
    terminal.setting("SAFE_HOURS", "9 to 5")
    terminal.setting("GATEWAYS", "africastalking")
    found = terminal.not_so("doctor").splitlines()
    assert [line.split(": ")[1] for line in found] == [
        "KHOPOTSO_SAFE_HOURS",
        "KHOPOTSO_AFRICASTALKING_USERNAME",
        "KHOPOTSO_AFRICASTALKING_API_KEY",
    ]


def test_before_anything_is_set_up_it_says_what_to_do(terminal: Terminal, tmp_path: Path) -> None:
    terminal.setting("DATA_DIR", str(tmp_path / "data"))
    found = told(terminal)
    assert "khopotso keys create" in found["problem", "keys"]
    assert "khopotso db upgrade" in found["problem", "database"]
    assert not (tmp_path / "data").exists()


@on_sqlite
def test_another_key_file_is_found_out(ready: Installation, tmp_path: Path) -> None:
    ready.good("keys", "create", tmp_path / "other")
    ready.setting("KEY_FILE", str(tmp_path / "other"))
    assert "does not belong to this database" in told(ready)["problem", "database"]


@on_sqlite
def test_files_that_lie_open_are_found(ready: Installation, tmp_path: Path) -> None:
    file = Path(ready.database_url.removeprefix("sqlite:///"))
    file.chmod(0o644)
    assert "chmod 600" in told(ready)["problem", "database"]
    file.chmod(0o600)
    beside = file.with_name("keys")
    ready.key_file.rename(beside)
    ready.setting("KEY_FILE", str(beside))
    assert "beside the database" in told(ready)["note", "keys"]
    beside.unlink()


def test_texts_that_nobody_sends_are_found(ready: Installation) -> None:
    ready.not_so("send-test", "58009429")
    assert ("ok", "backlog") in told(ready)
    an_hour_ago = RealClock().now() - timedelta(hours=1)
    with ready.store() as store:
        late = update(Message).values(next_attempt_at=an_hour_ago)
        store.write(lambda tx: tx.connection.execute(late), OPERATOR)
    assert "khopotso worker" in told(ready)["problem", "backlog"]


@on_sqlite
def test_unknown_texts_are_counted(ready: Installation) -> None:
    ready.not_so("send-test", "58009408")
    assert "Of 1 texts nobody knows" in told(ready)["note", "backlog"]


@on_sqlite
def test_a_gateway_that_rests_is_found_with_the_reason(ready: Installation) -> None:
    with ready.store() as store:
        store.write(lambda tx: pace.take(tx, "simulator", 10, 1), OPERATOR)
    ready.not_so("send-test", "58009405")
    assert "no_credit" in told(ready)["problem", "gateway"]


@on_sqlite
def test_what_is_paused_and_what_awaits_approval_is_noted(ready: Installation) -> None:
    ready.good("pause", "--plan", "visits")
    found = told(ready)
    assert "plan visits" in found["note", "pause"]
    assert "visits is awaiting approval" in found["note", "plans"]
    assert "awaiting review" in found["note", "texts"]


@on_sqlite
def test_a_real_gateway_needs_a_public_address(ready: Installation) -> None:
    ready.setting("GATEWAYS", "africastalking")
    ready.setting("AFRICASTALKING_USERNAME", "programme")
    ready.setting("AFRICASTALKING_API_KEY", "key")
    found = told(ready)
    assert "KHOPOTSO_PUBLIC_URL" in found["note", "address"]
    assert "KHOPOTSO_AFRICASTALKING_WEBHOOK_TOKENS" in found["note", "gateway"]
    ready.setting("PUBLIC_URL", "https://khopotso.invalid")
    assert "does not answer" in told(ready)["note", "address"]
