"""What the documents say is there."""

import re
from pathlib import Path

import click
import pytest

from handlers.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "templates_sms").glob("*.md")]

TRY_IT = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/khopotso demo"
TEST_IT = "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest"

LONGEST_DECISION = 40


@pytest.mark.parametrize("command", [TRY_IT, TEST_IT])
def test_the_readme_has_the_two_commands_on_lines_of_their_own(command: str) -> None:
    assert README.splitlines().count(command) == 1


def test_ci_runs_the_test_command_that_the_readme_shows() -> None:
    assert [line for line in README.splitlines() if line.endswith("bin/pytest")] == [TEST_IT]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert not [target for target in targets if not (document.parent / target).exists()]


@pytest.mark.parametrize(
    "document", [README, (ROOT / "CONTRIBUTING.md").read_text()], ids=["readme", "contributing"]
)
def test_every_folder_and_file_that_is_named_is_there(document: str) -> None:
    named = re.findall(
        r"`((?:service|handlers|scheduler|config|templates_sms|tests|docs)/[\w/.]*)`", document
    )
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]


def test_a_decision_is_short_and_listed() -> None:
    index = (DECISIONS / "README.md").read_text()
    pages = [page for page in DECISIONS.glob("*.md") if page.name != "README.md"]
    assert pages
    assert not [page.name for page in pages if len(page.read_text().splitlines()) > LONGEST_DECISION]
    assert not [page.name for page in pages if f"({page.name})" not in index]


def commands(group: click.Group, *above: str) -> set[tuple[str, ...]]:
    context = click.Context(group)
    found: set[tuple[str, ...]] = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = commands(command, *above, name) if isinstance(command, click.Group) else set()
        found |= inner or {(*above, name)}
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_named_can_be_typed(document: Path) -> None:
    """In code, where it is followed by a word that is no option, file or placeholder."""
    known = commands(main)
    groups = {words[0] for words in known if len(words) > 1}
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", document.read_text(), re.DOTALL))
    named = {
        (first, second) if first in groups and second else (first,)
        for first, second in re.findall(r"\bkhopotso(?:@| )([a-z][a-z-]+)(?: ([a-z][a-z-]+))?", code)
    }
    assert named <= known | {(group,) for group in groups}
