"""How a command says no."""

import click


class NotSo(click.ClickException):
    """The thing asked about is not so, or cannot be done as things stand (exit code 1)."""

    exit_code = 1
