"""Whoever is erased is gone, for everybody else nothing changes, and the list of it cannot be doctored."""

import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from service.domain.ids import new_id
from service.domain.people import OPERATOR, SYSTEM
from service.store.crypto import Vault
from service.store.erasures import Erasure, Erasures, ErasuresUnusable, erase, replay
from service.store.keys import KeyRing, make_key
from service.store.models.columns import Row
from service.store.models.messages import Receipt
from service.store.models.people import Infant, Person, PhoneNumber
from service.store.shape import shapes
from service.store.store import Store
from service.store.transaction import Transaction
from tests.store.every_table import Made, everything_in, fill_every_table

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOT_OF_A_PERSON = {("audit_seals", "mac"), ("webhooks", "url"), ("webhooks", "secret")}
"""Whoever adds a sealed column has ``forgetting`` empty it, or says here that it holds nobody's data."""


@pytest.fixture
def erasures(tmp_path: Path, vault: Vault) -> Erasures:
    return Erasures(tmp_path / "list", vault)


def people_in_every_table(store: Store) -> Made:
    """Rows of two people, and of nobody; the numbers of the two can be opened."""
    made = fill_every_table(store, rows=3)

    def give_numbers(tx: Transaction) -> None:
        tx.connection.execute(update(Person).values(erased_at=None))
        for place, row in enumerate(made["phones"]):
            number = f"+2665810000{place}"
            row["number"] = tx.vault.seal(PhoneNumber.number, row["id"], number)
            row["number_index"] = tx.vault.index("phone", number)
            values = {"number": row["number"], "number_index": row["number_index"]}
            tx.connection.execute(update(PhoneNumber).where(PhoneNumber.id == row["id"]).values(values))
            receipt = made["receipts"][place]
            receipt["phone_index"] = row["number_index"]
            of = update(Receipt).where(Receipt.id == receipt["id"])
            tx.connection.execute(of.values(phone_index=row["number_index"]))

    store.write(give_numbers, SYSTEM)
    return made


def someone() -> Erasure:
    return Erasure(new_id(), AT)


def sealed_columns() -> Iterator[tuple[str, str]]:
    for shape in shapes():
        if shape.table != "key_checks":
            yield from ((shape.table, name) for name, kind in shape.columns.items() if kind == "bytes")


def values_of(store: Store, table: str, column: str) -> set[bytes]:
    chosen = Row.metadata.tables[table].columns[column]
    return store.read(lambda reading: set(reading.connection.scalars(select(chosen))))


def test_nothing_that_tells_who_she_was_is_left_and_nothing_of_others_is_gone(
    store: Store, erasures: Erasures
) -> None:
    made = people_in_every_table(store)
    store.write(lambda tx: erase(tx, erasures, made["people"][1]["id"]), OPERATOR)
    for table, column in sealed_columns():
        nobodys, hers, anothers = (row[column] for row in made[table])
        left = values_of(store, table, column)
        assert {nobodys, anothers} - {None} <= left, (table, column)
        assert hers is not None
        assert (hers in left) is ((table, column) in NOT_OF_A_PERSON), (table, column)


def test_what_is_counted_stays(store: Store, erasures: Erasures) -> None:
    made = people_in_every_table(store)
    before = {table: len(rows) for table, rows in everything_in(store).items()}
    store.write(lambda tx: erase(tx, erasures, made["people"][1]["id"]), OPERATOR)
    after = {table: len(rows) for table, rows in everything_in(store).items()}
    gone = {table: before[table] - 1 for table in ("credentials", "sign_ins")}
    assert after == before | gone | {"audit": before["audit"] + 1}


def test_her_infants_go_with_her(store: Store, erasures: Erasures) -> None:
    made = people_in_every_table(store)
    mother, infant = made["people"][1]["id"], made["people"][2]["id"]
    store.write(
        lambda tx: tx.connection.execute(update(Infant).where(Infant.id == infant).values(mother_id=mother)),
        SYSTEM,
    )
    store.write(lambda tx: erase(tx, erasures, mother), OPERATOR)
    assert {mother, infant} == {erasure.person_id for erasure in erasures.read()}
    assert made["people"][2]["name"] not in values_of(store, "people", "name")


def test_an_erasure_is_on_the_list_even_if_its_transaction_fails(store: Store, erasures: Erasures) -> None:
    person_id = people_in_every_table(store)["people"][1]["id"]

    def erase_and_fail(tx: Transaction) -> None:
        erase(tx, erasures, person_id)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(erase_and_fail, OPERATOR)
    assert {erasure.person_id for erasure in erasures.read()} == {person_id}


def test_nobody_is_erased_if_it_cannot_be_noted(store: Store, vault: Vault, tmp_path: Path) -> None:
    made = people_in_every_table(store)
    before = everything_in(store)
    (tmp_path / "no folder").touch()
    nowhere = Erasures(tmp_path / "no folder" / "list", vault)
    with pytest.raises(ErasuresUnusable, match="Cannot write"):
        store.write(lambda tx: erase(tx, nowhere, made["people"][1]["id"]), OPERATOR)
    assert everything_in(store) == before


def test_a_replay_erases_who_is_there_and_was_not_erased(store: Store) -> None:
    made = people_in_every_table(store)
    person_id = made["people"][1]["id"]
    erasure = Erasure(person_id, AT)
    assert store.write(lambda tx: replay(tx, (erasure, someone())), OPERATOR) == 1
    assert store.write(lambda tx: replay(tx, (erasure, someone())), OPERATOR) == 0
    erased = select(Person.id, Person.erased_at).where(Person.erased_at.is_not(None))
    rows = store.read(lambda reading: reading.connection.execute(erased).all())
    assert rows == [(person_id, AT)]


def test_the_list_keeps_ids_and_moments_in_their_order(erasures: Erasures) -> None:
    assert erasures.read() == ()
    first, second, third = someone(), someone(), someone()
    erasures.note([first])
    erasures.note([second, third])
    assert erasures.read() == (first, second, third)
    assert stat.S_IMODE(erasures.path.stat().st_mode) == 0o600


def test_a_line_that_was_torn_by_a_power_cut_was_never_promised(erasures: Erasures) -> None:
    first, second = someone(), someone()
    erasures.note([first])
    with erasures.path.open("a") as file:
        file.write(str(someone().person_id))
    assert erasures.read() == (first,)
    erasures.note([second])
    assert erasures.read() == (first, second)


CHANGES: dict[str, Callable[[list[str]], list[str]]] = {
    "a line is missing in front": lambda lines: lines[1:],
    "a line is missing in the middle": lambda lines: [lines[0], lines[2]],
    "lines changed places": lambda lines: [lines[1], lines[0], lines[2]],
    "a line comes twice": lambda lines: [lines[0], *lines],
    "a line names somebody else": lambda lines: [*lines[:2], str(new_id()) + lines[2][36:]],
    "a line names another moment": lambda lines: [*lines[:2], lines[2].replace("2026", "2025")],
    "a line names another key": lambda lines: [*lines[:2], lines[2].replace(lines[2].split()[2], "ffffffff")],
    "a line has no hash and a key that nobody knows": lambda lines: [
        *lines,
        f"{new_id()} {AT.isoformat()} x ",
    ],
    "a line is made up": lambda lines: [*lines, f"{new_id()} 2026-01-01T00:00:00+00:00 a b"],
    "a line is empty": lambda lines: [*lines, ""],
    "a line is no text": lambda lines: [*lines, "\xff\xfe"],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_list_that_was_doctored_is_refused(
    erasures: Erasures, change: Callable[[list[str]], list[str]]
) -> None:
    erasures.note([someone(), someone(), someone()])
    lines = erasures.path.read_text().splitlines()
    erasures.path.write_text("\n".join([*change(lines), ""]), encoding="latin-1")
    with pytest.raises(ErasuresUnusable, match="was altered"):
        erasures.read()


def test_a_list_under_several_keys_is_read_with_all_of_them(tmp_path: Path, vault: Vault) -> None:
    path, older, newer = tmp_path / "list", someone(), someone()
    Erasures(path, vault).note([older])
    rotated = Vault(KeyRing((make_key(), *vault.ring.keys)))
    Erasures(path, rotated).note([newer])
    assert Erasures(path, rotated).read() == (older, newer)
    with pytest.raises(ErasuresUnusable, match=r"Line 2 .* another key file"):
        Erasures(path, vault).read()


def test_threads_that_note_at_one_time_keep_the_list_whole(erasures: Erasures, vault: Vault) -> None:
    noted = [someone() for _ in range(40)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda one: Erasures(erasures.path, vault).note([one]), noted))
    assert set(erasures.read()) == set(noted)
