"""Changing the key at the terminal, and looking whether the audit is as it was written."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from service.domain.people import OPERATOR, SYSTEM
from service.store import audit_seals, keys
from service.store.models.operations import AuditRow
from service.store.spool import Spool
from tests.cli.conftest import SITE, Installation

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def house(installation: Installation, tmp_path: Path) -> Installation:
    installation.setting("DATA_DIR", str(tmp_path / "data"))
    installation.good("staff", "add", "Mantoa", "--phone", "58000902", "--role", "mentor", "--site", SITE)
    return installation


def test_a_key_is_changed_and_the_old_one_removed_when_nothing_needs_it(house: Installation) -> None:
    (old,) = keys.load(house.key_file).keys
    said = house.good("keys", "rotate")
    newest, older = keys.load(house.key_file).keys
    assert older == old
    assert f"sealed with the key {newest.id}" in said
    assert f"khopotso keys remove {old.id}" in said
    assert "Mantoa" in house.good("staff", "list")
    assert "1 PINs and passwords" in house.not_so("keys", "remove", old.id)
    house.good("staff", "reset", "Mantoa")
    house.good("keys", "remove", old.id)
    assert keys.load(house.key_file).keys == (newest,)
    assert "Mantoa" in house.good("staff", "list")


@on_sqlite
def test_a_key_in_use_and_one_that_is_not_there_are_not_removed(house: Installation) -> None:
    (key,) = keys.load(house.key_file).keys
    assert "khopotso keys rotate" in house.not_so("keys", "remove", key.id)
    assert f"it has {key.id}" in house.not_so("keys", "remove", "stranger")


@on_sqlite
def test_a_key_is_not_removed_while_texts_wait_that_it_sealed(house: Installation, tmp_path: Path) -> None:
    with house.store() as store:
        spool = Spool(tmp_path / "data" / "spool" / "inbound", store.vault)
        spool.put("a text")
        spool.close()
    house.good("keys", "rotate")
    old = keys.load(house.key_file).keys[-1]
    assert "1 texts wait in the spool" in house.not_so("keys", "remove", old.id, "--with-secrets")


@on_sqlite
def test_pins_may_be_given_up(house: Installation) -> None:
    house.good("keys", "rotate")
    old = keys.load(house.key_file).keys[-1]
    house.good("keys", "remove", old.id, "--with-secrets")


@on_sqlite
def test_a_folder_that_cannot_be_written_changes_nothing(house: Installation) -> None:
    """A file in the place of the new one stands for it; root may write everywhere."""
    (house.key_file.parent / "keys.part").mkdir()
    before = house.key_file.read_bytes()
    assert "Its folder must be open" in house.not_so("keys", "rotate")
    assert house.key_file.read_bytes() == before


@on_sqlite
def test_the_audit_is_held_against_its_seals(house: Installation) -> None:
    with house.store() as store:
        store.write(audit_seals.seal, SYSTEM)
        said = house.good("audit", "verify")
        assert "under 1 seals are as they were written" in said
        kept = re.search(r"last seal is (\S+):", said)
        assert kept
        told = json.loads(house.good("audit", "verify", "--json", "--seal", kept[1]))
        assert (told["ok"], told["last"], told["wrong"]) == (True, kept[1], [])
        store.write(lambda tx: tx.connection.execute(update(AuditRow).values(actor="nobody")), OPERATOR)
    assert "was changed, moved or put" in house.not_so("audit", "verify")
    assert json.loads(house.type("audit", "verify", "--json").stdout)["ok"] is False
    house.misused("audit", "verify", "--seal", "last")
