"""No entry, however it came about, writes down a name that would make a text reveal something."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import service
from service.actions import enrol, staff, supporter
from service.actions.names import NameRefused, call
from service.domain.people import Role
from service.domain.phone import Phone
from service.store.models.people import Person
from service.store.transaction import Transaction
from service.wording import NameFault
from tests.safety.place import OTHERS, Place, one_database

REVEALS = "Kliniki"


def as_client(place: Place, name: str) -> None:
    place.woman(OTHERS, name)


def as_infant(place: Place, name: str) -> None:
    new = enrol.NewInfant(place.woman(), name, place.today)
    place.act(lambda tx: enrol.enrol_infant(tx, new, "en"))


def as_colleague(place: Place, name: str) -> None:
    new = staff.NewStaff(name, Phone(OTHERS), "en", frozenset({Role.MENTOR}), (place.village.site,))
    place.act(lambda tx: staff.take_on(tx, new))


def as_supporter(place: Place, name: str) -> None:
    new = supporter.NewSupporter(place.woman(), name, Phone(OTHERS), "en", frozenset())
    place.act(lambda tx: supporter.name_supporter(tx, place.village.parts.programme, new))


def anew(place: Place, name: str) -> None:
    woman = place.woman()
    place.act(lambda tx: call(tx, place.village.parts.programme, woman, name))


@one_database
@pytest.mark.parametrize("written", [as_client, as_infant, as_colleague, as_supporter, anew])
def test_a_name_that_reveals_is_refused_whoever_writes_it(
    place: Place, written: Callable[[Place, str], None]
) -> None:
    with pytest.raises(NameRefused) as refused:
        written(place, REVEALS)
    assert refused.value.fault is NameFault.REVEALS
    written_down = {row.id: row.name for row in place.village.rows(Person.id, Person.name)}
    vault = place.village.store.vault
    assert REVEALS not in {vault.open_if(Person.name, key, name) for key, name in written_down.items()}


@one_database
@pytest.mark.parametrize(
    ("name", "fault"), [("Ha Demo", NameFault.REVEALS), ("58100001", NameFault.NUMBER), ("Ts\u0161epo", None)]
)
def test_places_and_numbers_are_no_names(place: Place, name: str, fault: NameFault | None) -> None:
    woman = place.woman()

    def written(tx: Transaction) -> NameFault | None:
        try:
            call(tx, place.village.parts.programme, woman, name)
        except NameRefused as refused:
            return refused.fault
        return None

    assert place.act(written) is fault


def test_names_are_written_down_in_one_place() -> None:
    folder = Path(service.__file__).parent
    writers = {path.name for path in folder.rglob("*.py") if _seals_a_name(ast.parse(path.read_text()))}
    assert writers == {"names.py"}


def _seals_a_name(tree: ast.Module) -> bool:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return any(
        isinstance(one.func, ast.Attribute)
        and one.func.attr in ("seal", "seal_if")
        and ast.unparse(one.args[0]) == "Person.name"
        for one in calls
    )
