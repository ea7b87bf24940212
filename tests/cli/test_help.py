"""What is there to type, and that it is said at once."""

import subprocess
import sys
from importlib.metadata import version

import click
import pytest

from handlers.cli import main
from tests.cli.conftest import Terminal

HEAVY = {
    "sqlalchemy",
    "flask",
    "pydantic",
    "apscheduler",
    "africastalking",
    "twilio",
    "requests",
    "phonenumbers",
}


def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
    return found


def test_every_command_has_help(terminal: Terminal) -> None:
    for words in commands(main):
        assert "Usage:" in terminal.good(*words, "--help")


def test_no_help_is_cut_short_or_shows_how_dates_are_read(terminal: Terminal) -> None:
    for words in commands(main):
        said = terminal.good(*words, "--help").replace("]...", "]")
        assert "..." not in said and "%" not in said, words


def test_help_lists_every_command(terminal: Terminal) -> None:
    listed = terminal.good("--help")
    assert all(f"\n  {name} " in listed for name in main.list_commands(click.Context(main)))


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["sms-length", "Lumela"]], ids=" ".join)
def test_what_needs_nothing_loads_nothing(words: list[str]) -> None:
    """Importing the whole service takes a second or two; nobody should wait that long for help."""
    program = (
        "import sys; from handlers.cli import main; "
        f"main({words!r}, standalone_mode=False); "
        f"print(*sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""


def test_the_version_is_that_of_the_distribution(terminal: Terminal) -> None:
    assert version("khopotso") in terminal.good("--version")


def test_an_unknown_command_is_wrong_use(terminal: Terminal) -> None:
    assert "No such command 'remind'" in terminal.misused("remind")
