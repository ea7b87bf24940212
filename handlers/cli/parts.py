"""What every command that needs the whole service asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from config import wiring
from config.settings import Settings, SettingsError
from service.parts import Parts
from service.programme import Programme
from service.store.database import DatabaseUnusable
from service.store.keys import KeyFileError
from service.store.store import Store


class NotSo(click.ClickException):
    """The thing asked about is not so, or cannot be done as things stand (exit code 1)."""

    exit_code = 1


@dataclass(frozen=True)
class Opened:
    """The parts and the settings that they were made from."""

    parts: Parts
    settings: Settings
    configuration: wiring.Configuration

    @property
    def store(self) -> Store:
        return self.parts.store

    @property
    def programme(self) -> Programme:
        return self.parts.programme


@contextmanager
def opened() -> Iterator[Opened]:
    """Everything, opened; what stands against it is told in one sentence each, with exit code 1."""
    with plain_sentences():
        configuration = wiring.read_settings()
        with wiring.open_parts(configuration) as parts:
            yield Opened(parts, configuration.settings, configuration)


@contextmanager
def plain_sentences() -> Iterator[None]:
    """Turn what an operator can mend into sentences on the terminal instead of a traceback."""
    try:
        yield
    except SettingsError as error:
        raise NotSo(
            "\n".join(f"  {problem}" for problem in ("these settings cannot be used:", *error.problems))
        ) from None
    except (KeyFileError, DatabaseUnusable) as error:
        raise NotSo(str(error)) from None
