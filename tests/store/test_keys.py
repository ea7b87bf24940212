"""The key file is written once, for its owner alone, and a bad one is refused with a sentence."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from service.store.keys import LOOK_EVERY, KeyFile, KeyFileError, KeyRing, create, load, make_key, replace


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    create(path)
    return path


def test_only_the_owner_may_read_a_new_key_file(key_file: Path) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_a_loose_umask_opens_it_to_nobody(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create(tmp_path / "keys.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_what_was_written_is_read(tmp_path: Path) -> None:
    ring = KeyRing((make_key(), make_key()))
    create(tmp_path / "keys.json", ring)
    assert load(tmp_path / "keys.json") == ring


def test_a_key_file_is_never_overwritten(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(KeyFileError, match="never overwritten"):
        create(key_file)
    assert key_file.read_bytes() == before


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="khopotso keys create"):
        load(tmp_path / "keys.json")


def test_a_folder_that_does_not_exist_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"Cannot write .* Make the folder .*nowhere first"):
        create(tmp_path / "nowhere" / "keys.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_key_file_that_others_may_touch_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load(key_file)


def _without_key(content: Any) -> None:
    content["keys"] = []


def _short_key(content: Any) -> None:
    content["keys"][0]["data"] = "AAAA"


def _no_base64(content: Any) -> None:
    content["keys"][0]["index"] = "%%%"


def _number_for_a_name(content: Any) -> None:
    content["keys"][0]["id"] = 7


def _name_with_a_letter_of_another_alphabet(content: Any) -> None:
    content["keys"][0]["id"] = "ключ"


def _same_name_twice(content: Any) -> None:
    content["keys"].append({**content["keys"][0]})


def _other_format(content: Any) -> None:
    content["format"] = "khopotso-keys-9"


def _no_format(content: Any) -> None:
    del content["format"]


@pytest.mark.parametrize(
    "damage",
    [
        _without_key,
        _short_key,
        _no_base64,
        _number_for_a_name,
        _name_with_a_letter_of_another_alphabet,
        _same_name_twice,
        _other_format,
        _no_format,
    ],
)
def test_a_damaged_key_file_is_refused(key_file: Path, damage: Callable[[Any], None]) -> None:
    content = json.loads(key_file.read_text())
    damage(content)
    key_file.write_text(json.dumps(content))
    with pytest.raises(KeyFileError, match="damaged"):
        load(key_file)


@pytest.mark.parametrize("content", ["", "null", "[]", "7", '"keys"', "{", '{"format": "khopotso-keys-1"}'])
def test_something_else_is_no_key_file(key_file: Path, content: str) -> None:
    key_file.write_text(content)
    with pytest.raises(KeyFileError, match="damaged"):
        load(key_file)


def test_a_file_of_bytes_is_no_key_file(key_file: Path) -> None:
    key_file.write_bytes(b"\xff\xfe")
    with pytest.raises(KeyFileError, match="Cannot read"):
        load(key_file)


def test_an_error_shows_no_key(key_file: Path) -> None:
    secret = json.loads(key_file.read_text())["keys"][0]["data"]
    key_file.write_text(key_file.read_text().replace("khopotso-keys-1", "?"))
    with pytest.raises(KeyFileError) as raised:
        load(key_file)
    assert secret not in str(raised.value)


# --- a file that changes while it is used ------------------------------------------------------------------


def noticed(file: KeyFile) -> KeyRing:
    sleep(1.5 * LOOK_EVERY)
    return file.ring()


def test_a_file_that_another_process_changed_is_noticed(key_file: Path) -> None:
    file = KeyFile(key_file)
    longer = KeyRing((make_key(), *file.ring().keys))
    replace(key_file, longer)
    assert noticed(file) == longer
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def damaged(path: Path) -> None:
    path.write_text("{")


def open_to_all(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize("harm", [Path.unlink, damaged, open_to_all])
def test_a_file_that_cannot_be_read_just_now_takes_nobodys_keys_away(
    key_file: Path, harm: Callable[[Path], None]
) -> None:
    file = KeyFile(key_file)
    before = file.ring()
    harm(key_file)
    assert noticed(file) == before


def test_what_a_killed_process_left_of_a_change_is_in_nobodys_way(key_file: Path) -> None:
    before = load(key_file)
    (key_file.parent / "keys.json.part").write_text("{")
    assert load(key_file) == before
    replace(key_file, KeyRing((make_key(),)))
    assert list(key_file.parent.iterdir()) == [key_file]
