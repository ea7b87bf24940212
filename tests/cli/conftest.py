"""The terminal as an operator has it: settings, a key file and a database of this test alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.clock import RealClock
from handlers.cli import main
from service.store import keys
from service.store.crypto import Vault
from service.store.database import connect
from service.store.store import Store

SITE = "Ha Demo"


@dataclass(frozen=True)
class Terminal:
    """Types ``khopotso …`` and looks at what comes back, in the three ways that it can end."""

    setting: Callable[[str, str], None]

    def type(self, *words: object, typed: str | bytes = "") -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def good(self, *words: object, typed: str | bytes = "") -> str:
        result = self.type(*words, typed=typed)
        assert result.exit_code == 0, result.output
        return result.stdout

    def not_so(self, *words: object, typed: str | bytes = "") -> str:
        result = self.type(*words, typed=typed)
        assert result.exit_code == 1, result.output
        return result.output

    def misused(self, *words: object, typed: str | bytes = "") -> str:
        result = self.type(*words, typed=typed)
        assert result.exit_code == 2, result.output
        return result.output


@dataclass(frozen=True)
class Installation(Terminal):
    """A terminal, and what it works on."""

    database_url: str
    key_file: Path

    @contextmanager
    def store(self) -> Iterator[Store]:
        with Store(connect(self.database_url), Vault(keys.load(self.key_file)), RealClock()) as store:
            store.prove_keys()
            yield store


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Sets a setting of Khopotso, by its name without the prefix."""
    return lambda name, value: monkeypatch.setenv(f"KHOPOTSO_{name}", value)


@pytest.fixture
def terminal(setting: Callable[[str, str], None]) -> Terminal:
    """A terminal before anything is set up."""
    return Terminal(setting)


@pytest.fixture
def installation(setting: Callable[[str, str], None], database_url: str, tmp_path: Path) -> Installation:
    """On both databases, unless the test says otherwise; with the simulator, and one site."""
    key_file = tmp_path / "safe" / "keys"
    key_file.parent.mkdir()
    keys.create(key_file)
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).chmod(0o600)
    setting("DATABASE_URL", database_url)
    setting("KEY_FILE", str(key_file))
    made = Installation(setting, database_url, key_file)
    made.good("site", "add", SITE, "--district", "Berea")
    return made
