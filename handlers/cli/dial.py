"""A telephone in the terminal: it calls the real webhook, in the dialect that gateways speak."""

import sys
from dataclasses import dataclass, field
from io import TextIOWrapper
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from time import sleep
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

import click

from handlers.cli.demo_folder import USUAL, Folder, PhoneLine
from handlers.cli.parts import NotSo
from handlers.gateways.cumulative import COMPLETED, DROPPED, GOES_ON, Call
from handlers.simulator.network import TURN, Network, Silence
from service import gsm
from service.domain.phone import Phone
from service.phones import read_phone
from service.ports import UssdReply
from service.seeding.cast import CODE

HEADER: Final = ("# Recorded with khopotso dial.", "# Caller: whoever dialled")


class _Number(click.ParamType[Phone]):
    """A mobile number of any country, as people write it."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Phone:
        if isinstance(value, Phone):
            return value
        read = read_phone(value, allowed=("+",))
        return read if isinstance(read, Phone) else self.fail(str(read), param, ctx)


class _Webhook(click.ParamType[str]):
    """The whole address of a USSD webhook, over https or on this machine; read without its last part."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
            self.fail("must begin with https:// (plain http only to this machine).", param, ctx)
        hooks, _, kind = str(value).rpartition("/")
        if kind != TURN:
            self.fail(f"must be the whole address of the webhook, which ends with /{TURN}.", param, ctx)
        return hooks


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class Terminal:
    """Shows screens, reads what is typed or piped in, and keeps a transcript of both."""

    keys: TextIO
    transcript: list[str] = field(default_factory=list)

    def does(self, what: str) -> None:
        self.transcript.append(f"* {what}")

    def shows(self, screen: UssdReply) -> None:
        self.transcript += screen.text.splitlines()
        if not screen.goes_on:
            self.transcript.append("= the session ends")
        septets = gsm.measure(GOES_ON + screen.text).units
        click.echo(f"{screen.text}\n[{septets} of 160 septets{'' if screen.goes_on else ', the end'}]\n")

    def reads(self) -> str | None:
        """The next input, ``None`` when there is none."""
        click.echo("> ", nl=False)
        try:
            line = self.keys.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            click.echo()
            return None
        typed = line.rstrip("\r\n")
        if not self.keys.isatty():
            click.echo(typed)
        self.transcript.append(f"> {typed}")
        return typed


@dataclass(frozen=True)
class Weather:
    """What the network does to a call, as real ones sometimes do.

    ``twice``: it repeats each request. ``late``: it then brings an older request once more. ``slow`` is how
    many seconds each request takes on its way, ``drop`` after how many answers the line drops.
    """

    twice: bool = False
    late: bool = False
    slow: float = 0
    drop: int | None = None


@dataclass(frozen=True)
class Dialling:
    """One phone on its network."""

    network: Network
    phone: Phone
    code: str
    terminal: Terminal
    weather: Weather

    def converse(self, deep: tuple[str, ...]) -> None:
        """From the first screen to the last, or until there is nothing left to type."""
        self.terminal.does("dials" + (f" *{'*'.join(deep)}#" if deep else ""))
        if self._talk(self._new_call(deep), self.weather.drop):
            click.echo("(The line drops. Dialling again.)\n")
            self.terminal.does("dials again")
            self._talk(self._new_call(), None)

    def _talk(self, call: Call, drop: int | None) -> bool:
        """One call; says whether its line dropped."""
        screen = self._ask(call)
        while screen.goes_on:
            if len(call.inputs) == drop:
                return True
            typed = self.terminal.reads()
            if typed is None:
                self.network.end(call, DROPPED)
                return False
            call = call.typing(typed)
            screen = self._ask(call)
        self.network.end(call, COMPLETED)
        return False

    def _new_call(self, deep: tuple[str, ...] = ()) -> Call:
        return Call(f"dialled-{token_hex(12)}", self.code, self.phone, deep)

    def _ask(self, call: Call) -> UssdReply:
        screen = self._turn(call)
        self.terminal.shows(screen)
        if self.weather.twice:
            self._ask_again(call, "sends it twice", screen)
        if self.weather.late and call.inputs:
            self._ask_again(call.before(), "an older one comes late", screen)
        return screen

    def _ask_again(self, call: Call, what: str, screen: UssdReply) -> None:
        self.terminal.does(what)
        again = self._turn(call)
        self.terminal.shows(again)
        if again != screen:
            raise NotSo("The repeated request got another answer than the first.")

    def _turn(self, call: Call) -> UssdReply:
        sleep(self.weather.slow)
        reply = self.network.turn(call)
        if isinstance(reply, Silence):
            raise NotSo(reply.why)
        return reply


@click.command()
@click.option("--phone", type=_Number(), help="The number that calls.  [default: the demonstration's client]")
@click.option("--code", default=CODE, show_default=True, help="The code that she dials.")
@click.option("--url", type=_Webhook(), help="The webhook with its token.  [default: the demonstration's]")
@click.option("--deep", default="", metavar="1*2", help="Answers that the dialled code already holds.")
@click.option("--twice", is_flag=True, help="Repeat every request, as networks sometimes do.")
@click.option("--late", is_flag=True, help="Bring each older request once more, out of order.")
@click.option("--slow", type=click.FloatRange(0, 60), default=0, metavar="S", help="Seconds on each way.")
@click.option(
    "--drop", type=click.IntRange(0), metavar="N", help="Lose the line after N answers; dial again."
)
@click.option(
    "--record",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the conversation as a transcript.",
)
@click.option(
    "--data",
    default=USUAL,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the demonstration.",
)
def dial(
    phone: Phone | None,
    code: str,
    url: str | None,
    deep: str,
    twice: bool,
    late: bool,
    slow: float,
    drop: int | None,
    record: Path | None,
    data: Path,
) -> None:
    """A telephone that calls the service's real webhook and shows its screens.

    Type the answers, or pipe them in, one a line. The end of the input hangs up.
    """
    line = _line(phone, url, Folder(data))
    terminal = Terminal(TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"))
    try:
        weather = Weather(twice, late, slow, drop)
        dialling = Dialling(Network(line.hooks), line.phone, code, terminal, weather)
        dialling.converse(tuple(deep.split("*")) if deep else ())
    finally:
        if record:
            record.write_text("\n".join((*HEADER, *terminal.transcript, "")), encoding="utf-8")


def _line(phone: Phone | None, url: str | None, folder: Folder) -> PhoneLine:
    if url:
        if phone is None:
            raise click.UsageError("Say with --phone who calls.")
        return PhoneLine(url, phone)
    running = folder.line()
    if running is None:
        raise NotSo(
            f"No demonstration runs on {folder.path}. Start one with: khopotso demo "
            "(or say with --url and --phone who calls where)"
        )
    return PhoneLine(running.hooks, phone or running.phone)
