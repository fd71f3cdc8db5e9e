"""The house rules that no linter knows, each a function from one source file to what is wrong in it.

``test_house_rules.py`` runs every rule over the whole tree, and each over a planted fault, so that a rule which no
longer sees anything is noticed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from tests.architecture.tree import Source

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
MONEY_MODULES = (
    "src/wandeng/calc/allocation.py",
    "src/wandeng/calc/late_fees.py",
    "src/wandeng/calc/rating/",
    "src/wandeng/domains/billing/",
    "src/wandeng/domains/ledger/",
    "src/wandeng/domains/payments/",
    "src/wandeng/domains/tariffs/",
    "src/wandeng/kernel/",
)
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime", "time", "time_ns"}
CLOCK_OWNERS = {"datetime", "date", "timezone", "time"}
WRITES_STATE = re.compile(r"\bUPDATE\b[^;]*\bSET\b[^;]*\bstate\s*=", re.IGNORECASE | re.DOTALL)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "services", "managers", "signals", "common", "misc"}

Fault = tuple[int, str]
Rule = Callable[[Source], Iterator[Fault]]


def file_and_function_sizes(source: Source) -> Iterator[Fault]:
    """A file holds one subject, a function fits on a screen and a half."""
    lines = source.text.count("\n")
    if lines > MAX_FILE_LINES:
        yield 1, f"{lines} lines: split it by subject (at most {MAX_FILE_LINES})"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines (at most {MAX_FUNCTION_LINES})"


def no_floats_in_money_code(source: Source) -> Iterator[Fault]:
    """Money is integer fen: neither float literals, nor conversions to float, nor float columns."""
    if source.is_test or not source.path.startswith(MONEY_MODULES):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"float literal {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "float"
        elif isinstance(node, ast.Attribute) and node.attr in {
            "Float32",
            "Float64",
            "float32",
            "float64",
            "FloatField",
        }:
            yield node.lineno, f"float column {node.attr}"


def no_clock_below_the_flows(source: Source) -> Iterator[Fault]:
    """Domains, calc and kernel are told the time; so any day can be replayed and tested."""
    if source.is_test or not source.within("domains", "calc", "kernel"):
        return
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS):
            continue
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
        if name in CLOCK_OWNERS and not (node.func.attr == "time" and name != "time"):
            yield node.lineno, f"reads the clock: {name}.{node.func.attr}()"


def no_seconds_of_a_difference(source: Source) -> Iterator[Fault]:
    """``timedelta.seconds`` forgets whole days; ``total_seconds()`` is meant."""
    differences = {
        target.id
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign) and _is_difference(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "seconds":
            owner = node.value
            if _is_difference(owner) or (isinstance(owner, ast.Name) and owner.id in differences):
                yield node.lineno, ".seconds of a difference: use total_seconds()"


def _is_difference(node: ast.expr) -> bool:
    named = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("timedelta")
    return named or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub))


def states_move_only_by_transitions(source: Source) -> Iterator[Fault]:
    """A state column changes in ``infra.transitions.move`` alone: checked, conditional, with its history row.

    Rows may be *created* in a state. The plumbing moves its own rows (jobs, deliveries, import batches).
    """
    if source.is_test or not source.within("domains", "flows", "interfaces", "twin"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "state" and not _is_self(target.value):
                    yield node.lineno, "assigns a state"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "update" and any(word.arg == "state" for word in node.keywords):
                yield node.lineno, "updates a state column"
            if node.func.attr == "bulk_update" and "'state'" in ast.dump(node):
                yield node.lineno, "updates a state column in bulk"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITES_STATE.search(node.value):
            yield node.lineno, "updates a state column in SQL"


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def no_models_by_name(source: Source) -> Iterator[Fault]:
    """``get_model`` goes around the import contracts; only migrations need it."""
    if source.is_test or not source.path.startswith("src/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "get_model":
            yield node.lineno, "get_model outside a migration"


def public_functions_say_what_they_do(source: Source) -> Iterator[Fault]:
    """Every module and every public function of the layers below the flows carries a docstring."""
    if source.is_test or not source.within("calc", "domains", "infra") or source.path.endswith("/apps.py"):
        return
    if source.text.strip() and not ast.get_docstring(source.tree):
        yield 1, "module without a docstring"
    for node in source.tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if named and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def modules_are_named_for_their_subject(source: Source) -> Iterator[Fault]:
    """A module called utils has no subject."""
    parts = source.path.removesuffix(".py").split("/")
    if source.path.startswith("src/"):
        for part in FORBIDDEN_NAMES.intersection(parts):
            yield 1, f"'{part}' names no subject"


def no_empty_bodies(source: Source) -> Iterator[Fault]:
    """A function does something; only protocols, abstract methods and the root of the command line declare."""
    if "Protocol" in source.text or "abstractmethod" in source.text:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_callback(node):
            continue
        body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
        if all(isinstance(part, ast.Pass) for part in body):
            yield node.lineno, f"{node.name} does nothing"
        elif isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.dump(body[0]):
            yield node.lineno, f"{node.name} is not implemented"


def _is_callback(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Typer's root: its signature and docstring are the command line's."""
    calls = [part.func for part in node.decorator_list if isinstance(part, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr == "callback" for call in calls)


def nothing_left_for_later(source: Source) -> Iterator[Fault]:
    """No notes to do something later, no tests that are skipped."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"#\s*(TODO|FIXME|XXX|HACK)\b", line):
            yield number, "a note for later: do it or file it"
        if source.is_test and re.search(r"pytest\.(mark\.)?(skip|skipif|xfail)\(|@pytest\.mark\.(skip|xfail)\b", line):
            yield number, "a test that does not run"


RULES: tuple[Rule, ...] = (
    file_and_function_sizes,
    no_floats_in_money_code,
    no_clock_below_the_flows,
    no_seconds_of_a_difference,
    states_move_only_by_transitions,
    no_models_by_name,
    public_functions_say_what_they_do,
    modules_are_named_for_their_subject,
    no_empty_bodies,
    nothing_left_for_later,
)
