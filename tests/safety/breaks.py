"""``make breaks``: each line without which a safety behaviour would be gone, broken in a copy of the tree."""

import argparse
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.safety.published import keep

HERE = Path(__file__).parent
TREE = HERE.parents[1]
PARTS = ("config", "handlers", "scheduler", "service", "templates_sms", "tests", "docs")


@dataclass(frozen=True)
class Break:
    of: str
    file: str
    text: str
    becomes: str
    test: str

    @property
    def place(self) -> str:
        before = (TREE / self.file).read_text(encoding="utf-8").split(self.text)[0]
        return f"{self.file}:{before.count(chr(10)) + 1}"


def breaks() -> list[Break]:
    listed = tomllib.loads((HERE / "breaks.toml").read_text(encoding="utf-8"))
    return [Break(**one) for one in listed["break"]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", help="only those of this behaviour, such as S7")
    wanted = parser.parse_args().of
    chosen = [one for one in breaks() if wanted in (None, one.of)]
    red: list[str] = []
    green: list[str] = []
    with TemporaryDirectory(prefix="khopotso-breaks-") as folder:
        copy = _copy(Path(folder))
        for number, one in enumerate(chosen, start=1):
            with _broken(copy, one):
                noticed = _is_red(copy, one)
            line = f"{one.of:16} {one.place} -> {one.test}"
            (red if noticed else green).append(line)
            sys.stdout.write(f"{number:3}/{len(chosen)} {'red  ' if noticed else 'GREEN'} {line}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(chosen)} lines broken, {len(green)} of them unnoticed\n")
    if wanted is None:
        keep("breaks", {"red": red, "green": green})
    return bool(green)


def _copy(folder: Path) -> Path:
    for part in PARTS:
        shutil.copytree(TREE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "wsgi.py", "README.md"):
        shutil.copy(TREE / file, folder)
    return folder


@contextmanager
def _broken(copy: Path, one: Break) -> Iterator[None]:
    file = copy / one.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(one.text, one.becomes), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(whole, encoding="utf-8")


def _is_red(copy: Path, one: Break) -> bool:
    """Whether a test failed; that none could be run proves nothing."""
    test = f"tests/safety/{one.test}"
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", test]
    ran = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    return ran.returncode == 1 and " failed" in ran.stdout


if __name__ == "__main__":
    sys.exit(main())
