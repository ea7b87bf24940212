"""The real ``khopotso demo`` as a process of its own, on a free port and a folder of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from time import monotonic, sleep

import requests

KHOPOTSO = Path(sys.executable).with_name("khopotso")
READY = "Ctrl-C stops it."
LONGEST_START = 30
"""Seconds; what a start may take is for one test to say, not for all that need one."""


@dataclass
class Demonstration:
    """``welcome`` is what it printed before it was ready, ``seconds`` how long that took."""

    process: subprocess.Popen[str]
    welcome: str
    seconds: float
    folder: Path

    @property
    def address(self) -> str:
        found = re.search(r"http://\S+/simulator", self.welcome)
        assert found
        return found[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)


def khopotso(*arguments: object, **given: str) -> subprocess.CompletedProcess[str]:
    """One command with its output and errors together; ``given`` are settings without their prefix."""
    return subprocess.run(
        [KHOPOTSO, *map(str, arguments)],
        env=_environment({f"KHOPOTSO_{name}": value for name, value in given.items()}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
        check=False,
    )


@contextmanager
def demonstration(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[Demonstration]:
    began = monotonic()
    process = subprocess.Popen(
        [KHOPOTSO, "demo", "--port", "0", "--data", str(folder), *arguments],
        env=_environment(environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            welcome = _said_until_ready(process)
            yield Demonstration(process, welcome, monotonic() - began, folder)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(15)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}, **more}


def _said_until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if READY in line:
            return said
    raise AssertionError(f"The demonstration did not start: {said}")


@dataclass
class Visitor:
    """Somebody whose browser runs no scripts: follows links, fills in forms, reads what is there."""

    address: str
    html: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def open(self, nickname: str) -> "Visitor":
        """The page about a client."""
        self._take(self.session.get(self.address, timeout=10))
        code = re.search(rf'<option value="(\d+)"[^>]*>{nickname},', self.html)
        assert code, f"{nickname} is not on the list"
        self._take(self.session.get(self.address, params={"client": code[1]}, timeout=10))
        return self

    def press(self, form: str, side: str = "client", **typed: str) -> None:
        """Send a form of the page, on the phone of that side."""
        fields = {
            "client": self.client,
            "side": side,
            "phone": self._value("phone", side),
            "text_id": self.text_id,
        }
        if turn := re.search(r'name="turn" value="(\d+)"', self.phone(side)):
            fields["turn"] = turn[1]
        self._take(self.session.post(f"{self.address}/{form}", data={**fields, **typed}, timeout=20))

    def wait_for(self, words: str, seconds: float = 15) -> None:
        """Look again until the words are there."""
        self._look_until(lambda: words in self.text, words, seconds)

    def wait_for_text(self, begins: str) -> None:
        """Look again until the newest text begins so: the worker may have it in hand still."""
        self._look_until(lambda: self.texts()[0].startswith(begins), begins, 15)

    def _look_until(self, is_there: Callable[[], bool], what: str, seconds: float) -> None:
        until = monotonic() + seconds
        while not is_there():
            assert monotonic() < until, f"{what!r} did not come: {self.text}"
            sleep(0.2)
            self._take(self.session.get(self.address, params={"client": self.client}, timeout=10))

    @property
    def client(self) -> str:
        return self._value("client")

    @property
    def text_id(self) -> str:
        return self._value("text_id")

    @property
    def text(self) -> str:
        return _plain(self.html)

    @property
    def log(self) -> str:
        return _plain(self.html[self.html.index('<section class="log"') :])

    @property
    def clock(self) -> str:
        found = re.search(r'id="now"[^>]*>([^<]*)<', self.html)
        assert found
        return found[1]

    def phone(self, side: str = "client") -> str:
        """The HTML of one phone."""
        return self.html[self.html.index(f'id="{side}"') :].split("</article>")[0]

    def screen(self, side: str = "client") -> str:
        found = re.search(r'<pre class="screen"[^>]*>([^<]*)<', self.phone(side))
        return unescape(found[1]) if found else ""

    def texts(self, side: str = "client") -> list[str]:
        """The words of the texts on a phone, the newest first."""
        return [unescape(words) for words in re.findall(r'class="words"[^>]*>([^<]*)<', self.phone(side))]

    def _value(self, name: str, side: str = "client") -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.phone(side))
        assert found
        return unescape(found[1])

    def _take(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        self.html = answer.text


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
