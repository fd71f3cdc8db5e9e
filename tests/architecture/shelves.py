"""A contract for import-linter: other people's code reaches a domain only by its open shelves.

The linter's own ``protected`` contract lists what is closed, so that a new module would be open until somebody
remembers it. This one lists what is open; everything else in every domain is closed from its first day.
"""

from __future__ import annotations

import grimp
from importlinter import Contract, ContractCheck, fields, output


class ShelvesContract(Contract):
    """``domains`` is the package of the domains, ``open_shelves`` their public modules, ``open_to_tests`` what test
    code may use besides."""

    type_name = "shelves"

    domains = fields.StringField()
    open_shelves = fields.ListField(subfield=fields.StringField())
    open_to_tests = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            (importer, imported)
            for domain in sorted(graph.find_children(self.domains))
            for imported in sorted(graph.find_descendants(domain))
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if not self._allowed(importer, domain, imported.removeprefix(f"{domain}."))
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _allowed(self, importer: str, domain: str, shelf: str) -> bool:
        if _inside(importer, domain) or any(_inside(shelf, name) for name in self.open_shelves):
            return True
        return ".tests." in f"{importer}." and any(_inside(shelf, name) for name in self.open_to_tests)

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} may not import {imported}: it is not one of the domain's open shelves")


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
