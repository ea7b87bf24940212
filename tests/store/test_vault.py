"""A sealed value opens where it was sealed, with the key that sealed it, and nowhere else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.crypto import Tampered, Vault
from service.store.keys import Key, KeyFileError, KeyRing, make_key
from service.store.models.messages import Message
from service.store.models.people import Person, PhoneNumber

OLD, NEW = make_key(), make_key()
BEFORE, DURING, AFTER = Vault(KeyRing((OLD,))), Vault(KeyRing((NEW, OLD))), Vault(KeyRing((NEW,)))
ROW, OTHER_ROW = uuid4(), uuid4()
NUMBER = "+26658123456"


@given(st.text(max_size=200), st.uuids())
def test_what_is_sealed_opens_again(text: str, row: UUID) -> None:
    assert BEFORE.open(Person.name, row, BEFORE.seal(Person.name, row, text)) == text


def test_a_broken_character_survives() -> None:
    assert BEFORE.open(Person.name, ROW, BEFORE.seal(Person.name, ROW, "a\ud800b")) == "a\ud800b"


def test_nothing_stays_nothing() -> None:
    assert BEFORE.seal_if(Person.name, ROW, None) is None
    assert BEFORE.open_if(Person.name, ROW, None) is None


def test_the_same_text_is_never_sealed_the_same_twice() -> None:
    assert BEFORE.seal(Person.name, ROW, "Thato") != BEFORE.seal(Person.name, ROW, "Thato")


def test_a_value_from_another_row_does_not_open() -> None:
    with pytest.raises(Tampered):
        BEFORE.open(Person.name, OTHER_ROW, BEFORE.seal(Person.name, ROW, "Thato"))


@pytest.mark.parametrize("column", [PhoneNumber.number, Message.body])
def test_a_value_from_another_column_does_not_open(column: object) -> None:
    with pytest.raises(Tampered):
        BEFORE.open(column, ROW, BEFORE.seal(Person.name, ROW, "Thato"))  # type: ignore[arg-type]


@given(st.data())
def test_a_changed_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(BEFORE.seal(Person.name, ROW, "Thato"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Tampered, KeyFileError)):
        BEFORE.open(Person.name, ROW, bytes(sealed))


@pytest.mark.parametrize("length", range(0, 42, 3))
def test_a_value_that_was_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(Tampered):
        BEFORE.open(Person.name, ROW, BEFORE.seal(Person.name, ROW, "Thato")[:length])


def test_an_error_names_the_place_and_not_the_text() -> None:
    with pytest.raises(Tampered) as raised:
        BEFORE.open(Person.name, OTHER_ROW, BEFORE.seal(Person.name, ROW, "Thato"))
    assert str(raised.value) == f"people|name|{OTHER_ROW}"


def test_a_key_of_the_same_name_with_other_bytes_does_not_open() -> None:
    impostor = Vault(KeyRing((Key(OLD.id, NEW.data, NEW.index),)))
    with pytest.raises(Tampered):
        impostor.open(Person.name, ROW, BEFORE.seal(Person.name, ROW, "Thato"))


def test_after_a_rotation_the_old_key_still_opens_and_the_new_one_seals() -> None:
    assert DURING.open(Person.name, ROW, BEFORE.seal(Person.name, ROW, "Thato")) == "Thato"
    assert AFTER.open(Person.name, ROW, DURING.seal(Person.name, ROW, "Thato")) == "Thato"


def test_without_its_key_a_value_says_which_key_is_missing() -> None:
    with pytest.raises(KeyFileError, match=OLD.id):
        AFTER.open(Person.name, ROW, BEFORE.seal(Person.name, ROW, "Thato"))


def test_a_number_is_found_under_every_key_in_use() -> None:
    assert set(DURING.indexes("phone", NUMBER)) == {
        BEFORE.index("phone", NUMBER),
        AFTER.index("phone", NUMBER),
    }
    assert DURING.index("phone", NUMBER) == AFTER.index("phone", NUMBER)


def test_an_index_tells_nothing_without_the_key_and_fits_one_purpose() -> None:
    assert BEFORE.index("phone", NUMBER) != AFTER.index("phone", NUMBER)
    assert BEFORE.index("phone", NUMBER) != BEFORE.index("register", NUMBER)


def test_a_wrapped_text_opens_for_its_purpose_only() -> None:
    assert BEFORE.unwrap("spool", BEFORE.wrap("spool", "text")) == "text"
    with pytest.raises(Tampered):
        BEFORE.unwrap("other", BEFORE.wrap("spool", "text"))


def test_no_key_shows_itself() -> None:
    shown = f"{OLD!r} {KeyRing((OLD,))!r} {BEFORE!r}"
    assert repr(OLD.data)[2:-1] not in shown
    assert repr(OLD.index)[2:-1] not in shown
