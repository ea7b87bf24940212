"""``make resilience``: run every scenario in full, keep the raw figures, write them into the documents."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from tests.resilience.outcome import Scenario
from tests.resilience.report import RESULTS, write_table
from tests.resilience.scenarios import ONLY_IN_FULL, SCENARIOS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.resilience", description=__doc__)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--only", default="", help="a part of the names of the scenarios to run")
    parser.add_argument("--short", action="store_true", help="the short sizes, and nothing is written")
    given = parser.parse_args()
    known = SCENARIOS if given.short else (*SCENARIOS, *ONLY_IN_FULL)
    chosen = [scenario for scenario in known if given.only in scenario.name]
    held = [_run(scenario, given.seed, short=given.short) for scenario in chosen]
    if not given.short:
        write_table()
    return 0 if all(held) else 1


def _run(scenario: Scenario, seed: int, *, short: bool) -> bool:
    sizes = scenario.short if short else scenario.full
    print(f"{scenario.name} {sizes} …", flush=True)  # noqa: T201
    outcome = scenario.run(seed=seed, **sizes)
    print(json.dumps(asdict(outcome)), flush=True)  # noqa: T201
    if not short:
        _keep(scenario, {"seed": seed, "sizes": sizes, **asdict(outcome), **circumstances()})
    return not outcome.broken


def _keep(scenario: Scenario, result: dict[str, Any]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{scenario.name.replace(' ', '-').replace(',', '')}.json"
    file.write_text(
        json.dumps({"name": scenario.name, "promise": scenario.promise, **result}, indent=1) + "\n"
    )


def circumstances() -> dict[str, Any]:
    """Of which code on which machine figures are."""
    changed = _git("status", "--porcelain", "--", ".", ":!docs")  # the figures themselves are kept there
    commit = _git("rev-parse", "--short=12", "HEAD") + ("-dirty" if changed else "")
    machine = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, files {_where()}"
    )
    return {"commit": commit, "machine": machine, "day": date.today().isoformat()}  # noqa: TID251


def _git(*words: str) -> str:
    """What Git says of the tree that this stands in."""
    said = subprocess.run(["git", *words], capture_output=True, text=True, cwd=RESULTS.parents[1])
    return said.stdout.strip()


def _where() -> str:
    """A disk costs a scenario time, and a process that is killed loses nothing of what it wrote to either."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    folder = tempfile.gettempdir()
    kind = max((mount for mount in mounts if folder.startswith(mount[0])), key=lambda mount: len(mount[0]))[1]
    return "in memory" if kind == "tmpfs" else "on disk"


if __name__ == "__main__":
    sys.exit(main())
