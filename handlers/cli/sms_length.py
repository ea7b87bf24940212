"""``khopotso sms-length``: what a text costs."""

import sys
from importlib.resources import files
from typing import Final

import click

from handlers.cli.answers import NotSo
from handlers.cli.tables import show_json
from service import gsm

_NOT_LANGUAGES: Final = {"gate.toml"}


class _Language(click.ParamType[str]):
    """A language that has texts."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = {file.name for file in files("templates_sms").iterdir()} - _NOT_LANGUAGES
        known = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
        if value not in known:
            self.fail(f"There is no language {value!r}; there are {', '.join(known)}.", param, ctx)
        return value


@click.command("sms-length")
@click.argument("text")
@click.option("--language", type=_Language(), default="st", show_default=True)
@click.option("--raw", is_flag=True, help="Measure the text as it stands, without replacing letters.")
def sms_length(text: str, language: str, raw: bool) -> None:
    """Say how TEXT would be sent by SMS, in how many units and segments, as one line of JSON.

    TEXT of - reads standard input, less one final newline.
    """
    written = _from_input() if text == "-" else text
    if not written:
        raise click.UsageError("The text is empty.")
    if any("\ud800" <= letter <= "\udfff" for letter in written):
        raise click.UsageError("The text is not UTF-8.")
    try:
        sent = _as_it_stands(written) if raw else gsm.as_sent(written, language)
    except gsm.Unsendable as error:
        raise NotSo(str(error)) from None
    show_json(
        {
            "encoding": sent.encoding.value,
            "units": sent.units,
            "segments": sent.segments,
            "text": sent.text,
            "replaced": list(sent.replaced),
        }
    )


def _from_input() -> str:
    try:
        written = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise click.UsageError("Standard input is not UTF-8.") from None
    return written.removesuffix("\n").removesuffix("\r") if written.endswith("\n") else written


def _as_it_stands(text: str) -> gsm.AsSent:
    measured = gsm.measure(text)
    return gsm.AsSent(text, measured.encoding, measured.units, measured.segments, (), ())
