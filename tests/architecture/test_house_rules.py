from __future__ import annotations

import pytest

from tests.architecture import rules
from tests.architecture.tree import Source, sources

BILLING = "src/wandeng/domains/billing/actions.py"
DOC = '"""Bills."""\n'

PLANTED = [
    (rules.file_and_function_sizes, BILLING, "x = 1\n" * 401),
    (rules.file_and_function_sizes, BILLING, "def long():\n" + "    x = 1\n" * 70),
    (rules.no_floats_in_money_code, BILLING, "rate = 0.05"),
    (rules.no_floats_in_money_code, BILLING, "amount = float(fen)"),
    (rules.no_floats_in_money_code, "src/wandeng/calc/rating/lines.py", "lines.cast(pl.Float64)"),
    (rules.no_clock_below_the_flows, BILLING, "at = datetime.now(UTC)"),
    (rules.no_clock_below_the_flows, BILLING, "on = datetime.date.today()"),
    (rules.no_clock_below_the_flows, "src/wandeng/calc/usage.py", "at = timezone.now()"),
    (rules.no_clock_below_the_flows, "src/wandeng/kernel/ids.py", "stamp = time.time()"),
    (rules.no_seconds_of_a_difference, "src/wandeng/infra/jobs.py", "late = (at - due).seconds"),
    (rules.no_seconds_of_a_difference, "src/wandeng/infra/jobs.py", "late = at - due\nprint(late.seconds)"),
    (rules.states_move_only_by_transitions, BILLING, "run.state = 'POSTED'"),
    (rules.states_move_only_by_transitions, BILLING, "BillRun.objects.filter(pk=1).update(state='POSTED')"),
    (rules.states_move_only_by_transitions, BILLING, "BillRun.objects.bulk_update(runs, ['state'])"),
    (rules.states_move_only_by_transitions, BILLING, "store.execute('update billing_billrun set state = ?')"),
    (rules.states_move_only_by_transitions, "src/wandeng/flows/monthly_close.py", "run.state = 'POSTED'"),
    (rules.no_models_by_name, BILLING, "apps.get_model('ledger', 'Entry')"),
    (rules.public_functions_say_what_they_do, BILLING, "x = 1"),
    (rules.public_functions_say_what_they_do, BILLING, DOC + "def issue(): return 1"),
    (rules.modules_are_named_for_their_subject, "src/wandeng/infra/utils.py", ""),
    (rules.modules_are_named_for_their_subject, "src/wandeng/domains/billing/services/runs.py", ""),
    (rules.no_empty_bodies, BILLING, DOC + 'def issue():\n    """Issue."""\n'),
    (rules.no_empty_bodies, BILLING, DOC + "def issue():\n    raise NotImplementedError"),
    (rules.nothing_left_for_later, BILLING, DOC + "# TO" + "DO: round"),
    (rules.nothing_left_for_later, "tests/scenarios/test_a.py", "@pytest.mark." + "skip(reason='later')"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_whole_tree_keeps_the_rule(rule: rules.Rule) -> None:
    faults = [f"{source.path}:{line}: {fault}" for source in sources() for line, fault in rule(source)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_fault_is_seen(rule: rules.Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(rules.RULES)
