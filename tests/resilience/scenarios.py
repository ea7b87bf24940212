"""What is done to the service, what must hold, and how much of it is done in short and in full."""

from typing import Final

from tests.resilience import (
    away,
    clocks,
    full_disk,
    fuzz,
    kills,
    life,
    points,
    poison,
    receipts,
    sockets,
    standby,
    zones,
)
from tests.resilience.outcome import Scenario

SCENARIOS: Final = (
    Scenario(
        "workers that sleep past their lease",
        "what they held is sent by another, and they send nothing more",
        kills.pause_workers,
        {"rounds": 1, "workers": 3},
        {"rounds": 5, "workers": 5},
    ),
    Scenario(
        "a provider that resets, hangs, fails and is busy",
        "R1, A, B and C never twice; R2 and U at most twice, and only after an unknown attempt",
        kills.provider_faults,
        {"messages": 560},
        {"messages": 20_000},
    ),
    Scenario(
        "odd requests to every webhook",
        "no answer of 500 or above, a screen for every call, 200 for every genuine request, flat memory",
        fuzz.fuzz_webhooks,
        {"bodies": 50_000},
        {"bodies": 1_000_000},
    ),
    Scenario(
        "whatever can happen, in any order",
        "nothing vanishes, copies stay in their bounds, states go forward, nobody gets what she stopped, "
        "no reminder comes twice",
        life.all_of_life,
        {"steps": 10_000},
        {"steps": 200_000},
    ),
    Scenario(
        "schedulers whose clocks differ and jump",
        "no reminder comes twice, and none is unaccounted for; on SQLite and on PostgreSQL",
        clocks.clocks_jump,
        {"women": 120, "jumps": 3, "schedulers": 2},
        {"women": 5000, "jumps": 20, "schedulers": 3},
    ),
    Scenario(
        "PostgreSQL is away",
        "texts that come in meanwhile are answered 200 and kept once; every call has its screen within 2 s",
        away.postgres_is_away,
        {"seconds": 2.5, "texts": 10, "calls": 5},
        {"seconds": 60, "texts": 20, "calls": 10},
    ),
    Scenario(
        "the primary dies, and the standby takes over",
        "nothing that was acknowledged is lost, nothing is doubled, and the service goes on by itself",
        standby.primary_dies,
        {"messages": 500, "deaths": 1},
        {"messages": 700, "deaths": 10},
    ),
    Scenario(
        "SQLite is locked by another process",
        "texts that come in meanwhile are answered 200 and kept once; every call has its screen within 2 s",
        away.lock_is_held,
        {"seconds": 8, "texts": 20, "calls": 10},
        {"seconds": 30, "texts": 100, "calls": 20},
    ),
    Scenario(
        "workers killed while they empty the spool",
        "what waited there is acted on once",
        away.kill_while_draining,
        {"letters": 200, "kills": 3},
        {"letters": 2500, "kills": 50},
    ),
    Scenario(
        "a disk that is full",
        "what was answered 200 is there afterwards, and no text leaves without a record",
        full_disk.files_cannot_grow,
        {"megabytes": 4},
        {"megabytes": 16},
    ),
    Scenario(
        "kill workers and the database on PostgreSQL",
        "nothing lost, nothing doubled, at most one unknown per text in their hands",
        kills.kill_database,
        {"messages": 1200, "kills": 2, "database_kills": 1, "workers": 2},
        {"messages": 40_000, "kills": 200, "database_kills": 10, "workers": 4},
    ),
    Scenario(
        "kill a worker on SQLite",
        "nothing lost, nothing doubled, at most one unknown per text in its hands",
        kills.kill_workers,
        {"messages": 1200, "kills": 4, "workers": 1},
        {"messages": 40_000, "kills": 200, "workers": 1},
    ),
    Scenario(
        "kill a worker at each named point",
        "unknown at the three points where nobody can know, and at no other",
        points.killed_at,
        {"times": 1},
        {"times": 25},
    ),
    Scenario(
        "workers that are told to stop",
        "no unknown, and gone within ten seconds",
        kills.stop_workers,
        {"stops": 4},
        {"stops": 200},
    ),
    Scenario(
        "bad callers at the port",
        "good calls have their screen within a second; nothing is smuggled in; nothing large is read",
        sockets.bad_callers,
        {"loris": 200, "seconds": 4, "calls": 10},
        {"loris": 200, "seconds": 60, "calls": 20},
    ),
    Scenario(
        "texts over which workers stumble or die",
        "they are set aside after three tries at most, a person hears of it, and all others leave",
        poison.set_aside,
        {"texts": 200},
        {"texts": 10_000},
    ),
    Scenario(
        "receipts in every order",
        "one state in the end, whatever came first, twice or before the answer",
        receipts.every_order,
        {"every": 3, "longer": 200},
        {"every": 5, "longer": 20_000},
    ),
    Scenario(
        "days on which clocks change",
        "every hour that is allowed is found, no reminder at any other, none twice",
        zones.every_edge,
        {"zones": 100},
        {"zones": 0},
    ),
)
"""Those that mostly wait come first, so that the others can be run beside them."""

ONLY_IN_FULL: Final = (
    Scenario(
        "a file system that is full, and one that cannot be written",
        "what was answered 200 is there afterwards; the service does not start where it cannot keep anything",
        full_disk.disk_is_full,
        {},
        {"megabytes": 40},
    ),
)
"""What needs root or takes too long for every test run."""
