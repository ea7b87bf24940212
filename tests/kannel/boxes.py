"""Debian's Kannel as child processes, with the configuration that ``docs/providers/kannel.md`` shows."""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import unquote_to_bytes

import pytest
import requests

from tests.kannel.message_centre import MessageCentre

GUIDE: Final = Path(__file__).parents[2] / "docs" / "providers" / "kannel.md"
SBIN: Final = "/usr/sbin:/usr/local/sbin"
FAKE_SMSC: Final = Path("/usr/lib/kannel/test/fakesmsc")
PATIENCE_S: Final = 10.0

OVER_FAKE: Final = """
group = smsc
smsc = fake
smsc-id = fake
port = {port}
host = 127.0.0.1
connect-allow-ip = 127.0.0.1
allowed-smsc-id = fake
"""
"""What asks for it by name, and nothing else, goes over Kannel's own fake of an operator."""


def require_kannel() -> None:
    if not (shutil.which("bearerbox", path=SBIN) and FAKE_SMSC.exists()):
        pytest.skip("Kannel is not installed: apt install kannel kannel-extras")


def wait_for(what: str, there: Callable[[], object]) -> None:
    """Look until it is there; a test must not wait for what never comes."""
    until = monotonic() + PATIENCE_S
    while not there():
        assert monotonic() < until, f"waited in vain for {what}"
        sleep(0.02)


def free_ports(count: int) -> list[int]:
    with ExitStack() as open_ones:
        taken = [
            open_ones.enter_context(closing(socket.create_server(("127.0.0.1", 0)))) for _ in range(count)
        ]
        return [int(server.getsockname()[1]) for server in taken]


Operators = Mapping[str, MessageCentre]
"""By the letter that each has in the guide."""


@dataclass(frozen=True)
class Kannel:
    """Where the running boxes are reached, and where they look for us."""

    folder: Path
    admin_port: int
    send_port: int
    fake_port: int
    web_port: int
    operators: Operators

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.send_port}"

    def links(self) -> str:
        """What the boxes say of themselves and their links."""
        status = f"http://127.0.0.1:{self.admin_port}/status.txt?password=ADMIN_PASSWORD"
        return str(requests.get(status, timeout=PATIENCE_S).text)

    @property
    def callback(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"


def configuration(folder: Path, operators: Operators, ports: list[int]) -> str:
    """The guide's, with its places, ports and words replaced, and a way to the fake operator added."""
    found = re.search(r"```\n(group = core.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found
    shown = str(found[1])
    replaced = {
        "/var/spool/kannel": f"{folder}",
        "/var/log/kannel": f"{folder}",
        "13000": f"{ports[0]}",
        "13001": f"{ports[1]}",
        "13013": f"{ports[2]}",
        "127.0.0.1:8000": f"127.0.0.1:{ports[4]}",
        "http-queue-delay = 30": "http-queue-delay = 1",
        "wait-ack-expire = 2\n": "wait-ack-expire = 2\ndenied-smsc-id = fake\n",
        "PASSWORD_A": "pass-a",  # a link's password has at most 8 characters
        "PASSWORD_B": "pass-b",
        **{f"HOST_OF_OPERATOR_{letter}": "127.0.0.1" for letter in operators},
        **{f"PORT_OF_OPERATOR_{letter}": f"{centre.port}" for letter, centre in operators.items()},
    }
    for shown_word, word in replaced.items():
        assert shown_word in shown
        shown = shown.replace(shown_word, word)
    return shown + OVER_FAKE.format(port=ports[3])


@contextmanager
def running(folder: Path, operators: Operators) -> Iterator[Kannel]:
    """Both boxes, ready to send, in a folder of their own."""
    ports = free_ports(5)
    for spool in ("store", "dlr"):
        (folder / spool).mkdir()
    conf = folder / "kannel.conf"
    conf.write_text(configuration(folder, operators, ports))
    with child("bearerbox", conf, ports[1]), child("smsbox", conf, ports[2]):
        yield Kannel(folder, ports[0], ports[2], ports[3], ports[4], operators)


@contextmanager
def child(box: str, conf: Path, port: int) -> Iterator[None]:
    program = shutil.which(box, path=SBIN)
    assert program
    with (
        (conf.parent / f"{box}.out").open("wb") as output,
        subprocess.Popen(
            [program, "-v", "2", str(conf)], stdout=output, stderr=output, cwd=conf.parent
        ) as process,
    ):
        try:
            wait_for(f"{box} to listen", lambda: listens(port))
            yield
        finally:
            process.kill()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class FakeSmsc:
    """Kannel's own fake of an operator: it reads what phones send, and logs what it gets."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def phone_sends(self, line: str) -> None:
        """``line`` is in the program's notation: from, to, ``text`` or ``ucs2``, and what is said."""
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def got(self) -> list[tuple[str, str, str]]:
        """From, to and text of each text so far."""
        lines = re.findall(r"Got message \d+: <(\S+) (\S+) (text|ucs-2) (.*)>\n", self._log.read_text())
        return [(sender, to, text if kind == "text" else _ucs2(text)) for sender, to, kind, text in lines]

    def next_after(self, before: int) -> tuple[str, str, str]:
        """The text that follows the first ``before``."""
        wait_for("a text at the fake operator", lambda: len(self.got()) > before)
        return self.got()[before]


def _ucs2(written: str) -> str:
    return unquote_to_bytes(written.replace("+", " ")).decode("utf-16-be")


@contextmanager
def fake_smsc(kannel: Kannel) -> Iterator[FakeSmsc]:
    """The fake operator, once its link is up."""
    log = kannel.folder / "fakesmsc.log"
    options = ["-H", "127.0.0.1", "-r", str(kannel.fake_port), "-i", "0"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [FAKE_SMSC, *options], stdin=subprocess.PIPE, stdout=output, stderr=output
        ) as process,
    ):
        try:
            wait_for("all links to be up", lambda: kannel.links().count("(online") == 3)
            yield FakeSmsc(process, log)
        finally:
            process.kill()
