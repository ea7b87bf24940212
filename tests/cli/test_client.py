"""``khopotso client``: correcting a record, merging two, and erasing one."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from service.actions.enrol import NewClient, NewInfant, enrol_client, enrol_infant
from service.domain.people import OPERATOR, ConsentChannel
from service.domain.phone import Phone
from service.store.models.people import Client, Infant, Person
from service.store.records import site_named
from service.store.transaction import Transaction
from tests.cli.conftest import SITE, Installation

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def codes(installation: Installation) -> list[str]:
    def enrol(tx: Transaction) -> list[str]:
        site_id = site_named(tx, SITE)
        assert site_id
        agreed = frozenset({ConsentChannel.SMS})
        for number, name in enumerate(("Thato", "Lerato")):
            phone = Phone(f"+2665810000{number}")
            enrol_client(tx, NewClient(phone, name, "en", site_id, tx.now.date(), agreed, True))
        return list(tx.connection.scalars(select(Client.code).order_by(Client.id)))

    with installation.store() as store:
        return store.write(enrol, OPERATOR)


def test_two_records_become_one_and_two_again(installation: Installation, codes: list[str]) -> None:
    said = installation.good("client", "merge", *codes)
    merge_id = re.findall(r"unmerge (\S+)", said)[0]
    installation.not_so("client", "merge", *codes)
    assert "two records again" in installation.good("client", "unmerge", merge_id)
    installation.not_so("client", "unmerge", merge_id)


def test_whoever_merges_says_which_babies_are_the_same(installation: Installation, codes: list[str]) -> None:
    def bear(tx: Transaction) -> None:
        mothers = tx.connection.scalars(select(Client.id).order_by(Client.id)).all()
        for mother, name in zip(mothers, ("Neo", "Neo M"), strict=True):
            enrol_infant(tx, NewInfant(mother, name, tx.now.date()), "en")

    with installation.store() as store:
        store.write(bear, OPERATOR)
    unanswered = installation.not_so("client", "merge", *codes)
    assert "Is Neo M (born" in unanswered
    installation.good("client", "merge", *codes, typed="y\n")
    with installation.store() as store:
        mothers = store.read(lambda reading: reading.connection.scalars(select(Infant.mother_id)).all())
    assert len(set(mothers)) == 2


def test_a_record_is_corrected_and_whoever_was_given_it_is_told(
    installation: Installation, codes: list[str]
) -> None:
    assert "Noted" in installation.good("client", "given-to", codes[0], "District office")
    assert "Corrected: nickname, kind." in installation.good(
        "client", "correct", codes[0], "--nickname", "Lineo", "--kind", "art"
    )
    assert "says so already" in installation.good("client", "correct", codes[0], "--nickname", "Lineo")
    listed = installation.good("client", "to-tell", codes[0])
    first, second = re.findall(r"([0-9a-f-]{36})\s+District office", listed)
    for notice in (first, second):
        installation.good("client", "told", notice)
    assert "noted before" in installation.not_so("client", "told", first)
    assert "District" not in installation.good("client", "to-tell", codes[0])


@pytest.mark.parametrize("name", ["Kliniki", "Thato" * 12, "58100001"])
def test_a_name_that_texts_cannot_say_is_refused(
    installation: Installation, codes: list[str], name: str
) -> None:
    installation.not_so("client", "correct", codes[0], "--nickname", name)


def test_an_erased_client_has_no_name_and_no_code_finds_a_stranger(
    installation: Installation, codes: list[str], tmp_path: Path
) -> None:
    installation.setting("DATA_DIR", str(tmp_path / "data"))
    installation.type("client", "erase", codes[0], typed="n\n")
    assert "is erased" in installation.good("client", "erase", codes[0], "--yes")
    with installation.store() as store:
        names = store.read(lambda reading: reading.connection.scalars(select(Person.name)).all())
    assert len([name for name in names if name is None]) == 1
    assert "no client" in installation.not_so("client", "erase", "000000", "--yes")
