"""The stand-in is the witness of every test that leans on it, so it is tested too."""

import json
import subprocess
import sys
from http.client import IncompleteRead
from pathlib import Path
from socket import SHUT_WR, create_connection
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.gateways.dialects import TWILIO
from tests.gateways.faults import MODES, mixed
from tests.gateways.stand_in import serving

FORM = {"username": "khopotso", "to": "+26658123456", "message": "Lumela"}


def post(url: str, form: dict[str, str] = FORM) -> str:
    # The address is always the stand-in's own.
    with urlopen(Request(url, data=urlencode(form).encode()), timeout=5) as response:
        return str(response.read().decode())


def test_a_text_is_written_down_before_its_acceptance_is_said(tmp_path: Path) -> None:
    log = tmp_path / "accepted.jsonl"
    with serving(lambda _: MODES["half"], log) as provider:
        with pytest.raises(IncompleteRead):
            post(provider.url)
        [line] = log.read_text().splitlines()
        assert json.loads(line)["number"] == "+26658123456"


def test_the_id_in_the_log_is_the_id_in_the_answer() -> None:
    with serving() as provider:
        said = provider_id(post(provider.url))
        assert [sent.provider_id for sent in provider.accepted] == [said]


def provider_id(body: str) -> str:
    return str(json.loads(body)["SMSMessageData"]["Recipients"][0]["messageId"])


def test_a_request_that_breaks_off_is_not_accepted() -> None:
    """As when the sender dies between the head and the body."""
    with serving() as provider:
        host, port = urlsplit(provider.url).netloc.split(":")
        with create_connection((host, int(port)), timeout=5) as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\nto=%2B266&message=L")
            line.shutdown(SHUT_WR)
            assert line.recv(100) == b""
        assert (provider.accepted, provider.connections) == ([], 1)


def test_a_seed_decides_the_order_of_the_modes() -> None:
    def drawn(seed: int) -> list[object]:
        choose = mixed({"ok": 1, "reset": 1, "busy": 1}, seed)
        return [choose({}) for _ in range(30)]

    assert drawn(1) == drawn(1) != drawn(2)


def test_it_serves_another_process_and_its_log_outlives_it(tmp_path: Path) -> None:
    log = tmp_path / "accepted.jsonl"
    command = [sys.executable, "-m", "tests.gateways.stand_in", "--log", str(log), "--mode", "ok:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        answer = post(process.stdout.readline().strip())
        process.kill()
    assert provider_id(answer) == json.loads(log.read_text())["provider_id"]


def test_it_speaks_the_dialect_that_it_is_told(tmp_path: Path) -> None:
    log = tmp_path / "accepted.jsonl"
    form = {"To": "+26658123456", "From": "KHOPOTSO", "Body": "Lumela"}
    with serving(log=log, dialect=TWILIO) as provider:
        said = json.loads(post(provider.url, form))
    kept = json.loads(log.read_text())
    assert kept == {"number": "+26658123456", "text": "Lumela", "sender": "KHOPOTSO"} | {
        "provider_id": said["sid"],
        "connection": 1,
    }
