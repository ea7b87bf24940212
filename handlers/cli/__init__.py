"""The terminal. Each command's module is imported when the command is called, so that help comes at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import click


@dataclass(frozen=True)
class _Place:
    """Where a command is found, and what it does in half a line."""

    module: str
    name: str
    does: str


_COMMANDS: Final[Mapping[str, _Place]] = {
    "demo": _Place("demo", "demo", "Everything with clearly fake people on this machine; nothing is sent."),
    "run": _Place("running", "run", "Web server and worker in one process: the usual way on one machine."),
    "serve": _Place("running", "serve", "The web server alone: webhooks and pages."),
    "worker": _Place("running", "worker", "The worker alone: does what is due, and sends."),
    "doctor": _Place("doctor", "doctor", "Look whether this installation is well, and how to mend it."),
    "check": _Place("check", "check", "Look at every screen, text and plan for mistakes."),
    "menu": _Place("printing", "menu", "The whole menu as a diagram and a booklet, to read and sign."),
    "preview": _Place("preview", "preview", "Show what somebody would get; nothing is stored or sent."),
    "db": _Place("database", "db", "Make the database, or bring it to this version."),
    "keys": _Place("keys", "keys", "Make the key file, change the key, remove an old one."),
    "audit": _Place("audit", "audit", "See whether anybody tampered with the record of who did what."),
    "sms-length": _Place(
        "sms_length", "sms_length", "Say in how many units and segments a text would be sent."
    ),
    "plans": _Place("plans", "plans", "Show the care plans, and approve them."),
    "ledger": _Place("ledger", "ledger", "Prove that what was planned came to an end or is to come."),
    "site": _Place("sites", "site", "Add, list and activate sites, and turn steps of plans on and off."),
    "event": _Place("events", "event", "Outreach days and group sessions: add, move, cancel, who came."),
    "staff": _Place(
        "roster", "staff", "Take staff on, say who is on call or on leave, list, reset and block."
    ),
    "api-token": _Place(
        "api_token", "api_token", "Which other systems may use the API: create, list, revoke."
    ),
    "webhook": _Place("webhook", "webhook", "Which other systems are told what happens: add, list, test."),
    "pause": _Place("pausing", "pause", "The stop button: no text leaves. Shows what is paused."),
    "resume": _Place("pausing", "resume", "End a pause. What it held back waits for your word."),
    "client": _Place("client", "client", "Put a record right, merge two of one client, erase her for good."),
    "held": _Place("held", "held", "List, let go or discard what a pause or a restore held back."),
    "send-test": _Place("send_test", "send_test", "Send one real text, and say what happened to it."),
    "report": _Place("report", "report", "Tables of what the service did."),
    "import": _Place("importing", "importing", "Take in clients, visits, infants and attendance from files."),
    "backup": _Place("backup", "backup", "Write everything into one sealed file, while the service works."),
    "restore": _Place("backup", "restore", "Fill an empty database from a backup; nothing is sent again."),
    "dial": _Place("dial", "dial", "A telephone in the terminal that calls the real webhook."),
}


class _Lazily(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{place.module}"), place.name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.does) for name, place in _COMMANDS.items()])


@click.group(cls=_Lazily, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="khopotso", message="%(prog)s %(version)s")
def main() -> None:
    """Khopotso: SMS and USSD reminders for mothers in Lesotho.

    Settings are environment variables that begin with KHOPOTSO_; config/example.env explains each.
    """
