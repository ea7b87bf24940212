"""Every scenario in its short form. ``make resilience`` runs the full ones and publishes their figures."""

import pytest

from tests.resilience.scenarios import SCENARIOS, Scenario

SEED = 1


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_promise_holds(scenario: Scenario) -> None:
    assert scenario.run(seed=SEED, **scenario.short).broken == ()
