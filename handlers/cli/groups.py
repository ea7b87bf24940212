"""Commands that belong together."""

import sys

import click


class Told(click.Group):
    """Says of each of its commands the whole first sentence of its help, over as many lines as that takes."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        commands = sorted(self.commands.items())
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(sys.maxsize)) for name, one in commands])
