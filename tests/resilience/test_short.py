"""Every scenario in its short form. ``make resilience`` runs the full ones and publishes their figures."""

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.loopback import refuse_the_world
from tests.resilience.outcome import Outcome, Scenario
from tests.resilience.scenarios import SCENARIOS

SEED = 1
AT_ONCE = 2
"""Most wait most of the time, but with more of them the phones of one wait for the work of another."""

Running = Mapping[str, "Future[Outcome]"]


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """Those scenarios that are asked for, in processes of their own."""
    chosen = [item.callspec.params["scenario"] for item in request.session.items if _is_here(item)]  # type: ignore[attr-defined]
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn"), sys.addaudithook, (refuse_the_world,)) as pool:
        yield {one.name: pool.submit(one.run, seed=SEED, **one.short) for one in chosen}


def _is_here(item: pytest.Item) -> bool:
    return item.path.samefile(__file__)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_promise_holds(scenario: Scenario, running: Running) -> None:
    found = running[scenario.name].result()
    print(f"seed {SEED}: {found.figures}")  # noqa: T201 - shown where it fails
    assert found.broken == ()
