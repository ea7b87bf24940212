"""Each of the eighteen safety behaviours has its file here, and tests that bear its number."""

import re
from collections import Counter
from pathlib import Path

EIGHTEEN = [f"s{number:02}" for number in range(1, 19)]


def test_each_of_the_eighteen_is_found_in_one_place() -> None:
    files = [path.name.split("_")[1] for path in Path(__file__).parent.glob("test_s[0-9]*_*.py")]
    assert sorted(files) == EIGHTEEN


def test_each_test_bears_the_number_of_its_file() -> None:
    counted: Counter[str] = Counter()
    for path in Path(__file__).parent.glob("test_s[0-9]*_*.py"):
        number = path.name.split("_")[1]
        named = re.findall(r"^def test_(\w+)", path.read_text(), re.MULTILINE)
        assert [name for name in named if not name.startswith(f"{number}_")] == []
        counted[number] += len(named)
    assert sorted(counted) == EIGHTEEN
    assert min(counted.values()) > 0
