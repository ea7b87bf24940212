"""What every command that needs the whole service asks for."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DatabaseError, OperationalError

from config import wiring
from config.settings import Settings, SettingsError
from handlers.cli.answers import NotSo
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.programme import Programme
from service.store.database import DatabaseUnusable
from service.store.disk import told
from service.store.keys import KeyFileError
from service.store.store import Store

__all__ = ["NotSo", "Opened", "opened", "operator", "plain_sentences"]


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
        raise NotSo("\n  ".join(("this needs mending:", *error.problems))) from None
    except (KeyFileError, DatabaseUnusable) as error:
        raise NotSo(str(error)) from None
    except DatabaseError as error:
        sentence = _about_database(error)
        if sentence is None:
            raise
        raise NotSo(sentence) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise NotSo(told(Path(error.filename), error)) from None


def _about_database(error: DatabaseError) -> str | None:
    """What the database itself complains of; ``None`` for a mistake in the program."""
    complaint = str(error.orig).strip().splitlines() or [""]
    if isinstance(error, OperationalError):
        return f"The database does not do its work: {complaint[0]}."
    return "The file of DATABASE_URL is not a database." if "not a database" in complaint[0] else None


def operator() -> Actor:
    """Whoever types: the account of the operating system, behind sudo too."""
    try:
        return Actor(ActorKind.OPERATOR, os.environ.get("SUDO_USER") or getpass.getuser())
    except (KeyError, OSError):  # an account without a name, as in some containers
        return Actor(ActorKind.OPERATOR, str(os.getuid()))
