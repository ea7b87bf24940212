"""What may stand in a log. Tried in a process of its own, because the way of logging is the process's."""

import json
import subprocess
import sys

import pytest

BEGIN = "import logging, structlog; from config import logs; logs.configure(); log = structlog.get_logger()\n"


def logged(program: str) -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", BEGIN + program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_is_json_with_its_words_level_and_moment() -> None:
    (line,) = logged("log.info('sent', message='m1', attempt=2)")
    assert {key: line[key] for key in ("event", "level", "message", "attempt")} == {
        "event": "sent",
        "level": "info",
        "message": "m1",
        "attempt": 2,
    }
    assert line["timestamp"].endswith("Z")


def test_what_has_no_key_on_the_list_is_dropped() -> None:
    (line,) = logged("log.info('sent', phone='+26658000001', text='Hello', message='m1')")
    assert not {"phone", "text"} & line.keys()
    assert line["number_of"] == "2 keys dropped"


@pytest.mark.parametrize("number", ["+26658000001", "58000001", "0026658000001"])
def test_a_number_is_blotted_out_wherever_it_stands(number: str) -> None:
    (line,) = logged(f"log.info('sent to {number}', reason='{number} is busy')")
    assert "58000001" not in str(line)


def test_a_line_stays_one_line() -> None:
    (line,) = logged(r"log.info('sent', reason='a\nb\x1b[31mc')")
    assert "\n" not in line["reason"]
    assert "\x1b" not in line["reason"]


def test_an_exception_is_its_type_and_place_alone() -> None:
    (line,) = logged("try: raise ValueError('Palesa')\nexcept ValueError: log.exception('failed')")
    assert line["error"] == "ValueError"
    assert "Palesa" not in str(line)


def test_what_libraries_log_keeps_its_arguments_to_itself() -> None:
    (line,) = logged("logging.getLogger('library').warning('refused %s', 'Palesa')")
    assert line["logger"] == "library"
    assert "Palesa" not in str(line)
