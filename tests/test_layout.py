"""The house as it is built: what is shipped, under whose names, and how large a part may grow."""

import ast
import importlib
import statistics
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = ("service", "handlers", "scheduler", "config", "templates_sms")
NAMES = (*PACKAGES, "wsgi")

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
USUAL_FUNCTION = 10
NAMES_WITHOUT_A_NOUN = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
MAY_NOT_OPEN_FILES = ("service/domain", "service/menu", "service/reminders", "service/keywords")


def shipped_files() -> list[Path]:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*") if file.is_file()]
    return [ROOT / "wsgi.py", *(file for file in files if "__pycache__" not in file.parts)]


def shipped_code() -> list[Path]:
    return [file for file in shipped_files() if file.suffix == ".py" and "migrations" not in file.parts]


def functions_in(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[PurePosixPath]:
    """The names of the files in a wheel that was built just now."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    with zipfile.ZipFile(folder / done.stdout.strip().splitlines()[-1]) as archive:
        return [PurePosixPath(name) for name in archive.namelist()]


def test_the_wheel_holds_every_file_of_the_house(wheel: list[PurePosixPath]) -> None:
    missing = {str(file.relative_to(ROOT)) for file in shipped_files()} - {str(file) for file in wheel}
    assert not missing


def test_the_wheel_brings_no_other_name(wheel: list[PurePosixPath]) -> None:
    foreign = {file.parts[0] for file in wheel} - {*PACKAGES, "wsgi.py"}
    assert all(name.endswith(".dist-info") for name in foreign)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_owns_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"khopotso"}


def test_nobody_owns_the_name_of_the_tests() -> None:
    assert "tests" not in packages_distributions()


@pytest.mark.parametrize("name", PACKAGES)
def test_our_names_lead_to_this_tree(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__file__
    assert Path(package.__file__) == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", PACKAGES)
def test_top_level_packages_begin_empty(name: str) -> None:
    """Two distributions with one name would merge; an empty beginning at least runs nothing by halves."""
    assert (ROOT / name / "__init__.py").read_text() == ""


def test_the_command_can_be_started() -> None:
    module, _, function = PROJECT["project"]["scripts"]["khopotso"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_no_function_is_long() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{function.lineno} {function.name} has {length(function)} lines"
        for file in shipped_code()
        for function in functions_in(file)
        if length(function) > LONGEST_FUNCTION
    ]
    assert not long


def test_most_functions_are_short() -> None:
    lengths = [length(function) for file in shipped_code() for function in functions_in(file)]
    assert statistics.median(lengths) < USUAL_FUNCTION


def test_no_file_is_long() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in shipped_code()}
    assert not {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE}


def test_every_part_has_a_noun() -> None:
    assert not [file for file in shipped_code() if NAMES_WITHOUT_A_NOUN & {file.stem, *file.parts}]


def test_the_pure_parts_open_no_file() -> None:
    opened = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in shipped_code()
        if str(file.relative_to(ROOT)).startswith(MAY_NOT_OPEN_FILES)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]
    assert not opened


def test_the_lock_has_a_fitting_version_of_everything_that_is_asked_for() -> None:
    project = PROJECT["project"]
    asked = [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]
    pinned = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / "requirements-dev.lock").read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    assert not [str(one) for one in asked if not one.specifier.contains(pinned.get(one.name, "0"))]
