"""The import rule of our own finds what it is there to find."""

from grimp import ImportGraph
from importlinter import ContractCheck

from tests.import_rules import MayImportOnly


def rule_on(*imported: str) -> ContractCheck:
    """The rule for a part that may know ``friend``, and imports what is named here."""
    graph = ImportGraph()
    graph.add_module("part")
    for module in imported:
        graph.add_module(module)
        graph.add_import(importer="part", imported=module)
    options = {"source_modules": ["part"], "allowed_modules": ["friend"]}
    return MayImportOnly("rule", {}, options).check(graph, verbose=False)


def test_friends_and_the_standard_library_may_be_imported() -> None:
    assert rule_on("friend", "friend.inner", "datetime").kept


def test_a_stranger_breaks_the_rule() -> None:
    check = rule_on("friend", "stranger")
    assert not check.kept
    assert check.metadata["forbidden"] == [("part", "stranger")]


def test_a_name_that_only_begins_like_a_friend_is_a_stranger() -> None:
    assert not rule_on("friendly").kept


def test_a_rule_about_nothing_is_broken() -> None:
    rule = MayImportOnly("rule", {}, {"source_modules": ["gone"]})
    assert rule.check(ImportGraph(), verbose=False).metadata["missing"] == ["gone"]
