"""``khopotso dial`` against the webhook of a running demonstration."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer

from handlers.cli.dial import dial as command
from service.menu.screens import menu
from service.texts import load
from tests.menu.player import play
from tests.simulator.demonstrations import Demonstration, Visitor, demonstration

STRANGER = "+12025550188"
"""A number that nobody has, and that is none of the demonstration's either."""

NOBODY_LISTENS = "http://127.0.0.1:9/hooks/gateway/secret/ussd"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstration(tmp_path_factory.mktemp("demo") / "data") as started:
        yield started


def dial(*arguments: object, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], input=typed)


def test_it_finds_the_demonstration_and_plays_its_first_client(running: Demonstration) -> None:
    done = dial("--data", running.folder, typed="1\n1\n")
    assert done.exit_code == 0
    assert "Mother & Baby\n1 My next date\n" in done.output
    assert "> 1\nYour next date: " in done.output
    assert "Thank you. We will see you on " in done.output
    assert "confirmed; she says she will come" in Visitor(running.address).open("Palesa").log


def test_each_screen_says_how_many_septets_it_takes(running: Demonstration) -> None:
    done = dial("--data", running.folder, "--phone", STRANGER)
    assert "\n[119 of 160 septets]\n" in done.output


def test_the_end_of_the_input_hangs_up(running: Demonstration) -> None:
    assert dial("--data", running.folder, "--phone", STRANGER, typed="1\n").exit_code == 0
    again = dial("--data", running.folder, "--phone", STRANGER, typed="2\n")
    assert again.exit_code == 0


def test_any_bytes_may_be_typed(running: Demonstration) -> None:
    done = dial("--data", running.folder, "--phone", STRANGER, typed=b"\xff\x00*\n")
    assert (done.exit_code, done.exception) == (0, None)


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        ((), "2\n"),
        (("--twice",), "7\n5\n1\n"),
        (("--late",), "7\n5\n1\n"),
        (("--twice", "--late", "--slow", "0.01"), "5\n2\n2\n"),
        (("--deep", "4*1"), "3\n"),
        (("--drop", "2"), "3\n1\n1\n2\n2\n"),
        (("--drop", "0", "--twice"), "2\n5\n2\n0\n2\n"),
    ],
)
def test_a_recording_is_what_the_player_of_transcripts_plays(
    running: Demonstration, tmp_path: Path, arguments: tuple[str, ...], typed: str
) -> None:
    """The real service, over HTTP, behaves as the menu does in the player's hands."""
    dial("--data", running.folder, "--phone", STRANGER, typed="2\n2\n2\n")  # nothing is left to take up
    done = dial(
        "--data", running.folder, "--phone", STRANGER, *arguments, "--record", tmp_path / "t.txt", typed=typed
    )
    assert done.exit_code == 0, done.output
    recorded = (tmp_path / "t.txt").read_text()
    script = recorded.replace("whoever dialled", "a number that nobody knows")
    played = play(script, menu(load()), "st")
    assert "".join(f"{line}\n" for line in played.splitlines() if not line.startswith("!")) == script


def test_a_recording_names_no_number(running: Demonstration, tmp_path: Path) -> None:
    dial("--data", running.folder, "--record", tmp_path / "t.txt")
    assert "555" not in (tmp_path / "t.txt").read_text()


def test_a_call_to_the_whole_address_needs_no_folder(running: Demonstration, tmp_path: Path) -> None:
    hooks = json.loads((running.folder / "line.json").read_text())["hooks"]
    done = dial("--url", f"{hooks}/ussd", "--phone", STRANGER, "--data", tmp_path)
    assert (done.exit_code, "'M'e le Ngoana" in done.output) == (0, True)


def failed_with(done: Result, code: int, sentence: str) -> bool:
    return (done.exit_code, sentence in done.output) == (code, True)


def test_without_a_demonstration_it_says_how_to_start_one(tmp_path: Path) -> None:
    assert failed_with(dial("--data", tmp_path), 1, "Start one with: khopotso demo")


def test_a_refused_connection_is_one_sentence() -> None:
    done = dial("--url", NOBODY_LISTENS, "--phone", STRANGER)
    assert failed_with(done, 1, "Nothing answers at http://127.0.0.1:9.")
    assert done.output.count("\n") == 1


def test_a_wrong_token_is_one_sentence_without_the_token(running: Demonstration) -> None:
    origin = running.address.removesuffix("/simulator")
    done = dial("--url", f"{origin}/hooks/simulator/wrong-secret/ussd", "--phone", STRANGER)
    assert failed_with(done, 1, "is the gateway's name or token right?")
    assert "wrong-secret" not in done.output


def test_an_answer_that_is_no_screen_is_one_sentence(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/ussd").respond_with_data("<html>Hello</html>")
    done = dial("--url", httpserver.url_for("/ussd"), "--phone", STRANGER)
    assert failed_with(done, 1, "neither CON nor END")


def test_another_answer_to_a_repeated_request_is_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/ussd").respond_with_data("CON one")
    httpserver.expect_ordered_request("/ussd").respond_with_data("CON two")
    done = dial("--url", httpserver.url_for("/ussd"), "--phone", STRANGER, "--twice")
    assert failed_with(done, 1, "The repeated request got another answer than the first.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--url", "http://example.org/hooks/g/t/ussd", "--phone", STRANGER), "must begin with https://"),
        (("--url", "ftp://127.0.0.1/ussd", "--phone", STRANGER), "must begin with https://"),
        (("--url", "http://127.0.0.1.example.org/ussd", "--phone", STRANGER), "must begin with https://"),
        (("--url", "nonsense", "--phone", STRANGER), "must begin with https://"),
        (("--url", "https://example.org/simulator", "--phone", STRANGER), "which ends with /ussd"),
        (("--url", NOBODY_LISTENS), "Say with --phone who calls."),
        (("--url", NOBODY_LISTENS, "--phone", "123"), "No phone has this number"),
        (("--drop", "-1"), "--drop"),
    ],
)
def test_wrong_use_is_told_before_anything_is_called(arguments: tuple[str, ...], sentence: str) -> None:
    assert failed_with(dial(*arguments), 2, sentence)
