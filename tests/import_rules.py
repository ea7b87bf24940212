"""A kind of import rule that import-linter lacks: a part that may know a few things and nothing else."""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

Imports = list[tuple[str, str]]


class MayImportOnly(Contract):
    """``source_modules`` import the standard library, themselves and ``allowed_modules``; nothing more.

    Direct imports alone count: what an allowed module imports in its turn is that module's affair.
    """

    type_name = "may_import_only"

    # The linter replaces these declarations with what the rule in pyproject.toml says.
    source_modules: Any = fields.ListField(subfield=fields.StringField())
    allowed_modules: Any = fields.ListField(subfield=fields.StringField(), required=False, default=())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        sources: tuple[str, ...] = tuple(self.source_modules)
        missing = [source for source in sources if source not in graph.modules]
        modules = [module for module in graph.modules if _within(module, sources)]
        forbidden = _imports_beyond((*sources, *self.allowed_modules), modules, graph)
        return ContractCheck(
            kept=not missing and not forbidden, metadata={"missing": missing, "forbidden": forbidden}
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module in check.metadata["missing"]:
            output.print_error(f"{module} does not exist", bold=False)
        for importer, imported in check.metadata["forbidden"]:
            output.print_error(f"- {importer} -> {imported}", bold=False)
        output.new_line()


def _imports_beyond(allowed: tuple[str, ...], modules: list[str], graph: ImportGraph) -> Imports:
    return [
        (module, imported)
        for module in sorted(modules)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if not _within(imported, allowed) and imported not in sys.stdlib_module_names
    ]


def _within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
