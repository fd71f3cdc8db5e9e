"""Who is off, for every way to isolate the town, against an oracle that knows only drawings: sets of nodes that touch."""

from __future__ import annotations

import itertools
from collections.abc import Collection

import pytest

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network import queries as network
from wandeng.domains.network.models import PowerTransformer, Switch
from wandeng.domains.network.tests import make as town
from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.tests import make
from wandeng.infra.columns import ColumnStore

pytestmark = pytest.mark.django_db(transaction=True)
SWITCHES = ("K11", "K12", "K21", "K22")
OUTS: tuple[tuple[str, ...], ...] = ((), ("T1",), ("T2",), ("T4",), ("T2", "T4"), ("T1", "T3"))
SUPPLIED = {"1001": {"T1"}, "1002": {"T1"}, "1003": {"T2"}, "1004": {"T2", "T4"}, "1005": {"T3"}, "1006": {"T3"}}


def without_supply(opened: Collection[str], closes_tie: bool, out: Collection[str]) -> set[str]:
    """Transformers whose node no chain of closed switches and lines joins to a source, and those taken out."""
    joined = [("N11", "N12")]
    for code, _, _, _, a, b, normal_open in town.SWITCHES:
        if code not in opened and (not normal_open or closes_tie):
            joined.append((a, b))
    fed = {code for code, _, is_source in town.NODES if is_source}
    while more := {there for a, b in joined for here, there in ((a, b), (b, a)) if here in fed} - fed:
        fed |= more
    return {code for code, _, node, *_ in town.TRANSFORMERS if node not in fed} | set(out)


def test_every_way_to_isolate_the_town_switches_off_whom_the_drawing_says() -> None:
    make.town()
    town.mark_written()
    switch = dict(Switch.objects.values_list("code", "pk"))
    transformer = dict(PowerTransformer.objects.values_list("code", "pk"))
    named = {pk: code for code, pk in transformer.items()}
    number = dict(CustomerAccount.objects.values_list("pk", "account_number"))
    seen = 0
    with ColumnStore() as store:
        for count, closes_tie, out in itertools.product(range(5), (False, True), OUTS):
            for opened in itertools.combinations(SWITCHES, count):
                found = network.isolate(
                    opened=[switch[code] for code in opened],
                    closed=[switch["K9"]] if closes_tie else [],
                    out=[transformer[code] for code in out],
                    on=make.STARTS.date(),
                )
                rows = affected.out_of(store, dead=found.dead, unfed=found.unfed, on=make.STARTS.date())
                off = {number[one] for one in rows.filter(~rows["keeps_supply"])["account_id"].to_list()}
                held = {number[one] for one in rows.filter(rows["keeps_supply"])["account_id"].to_list()}
                dead = without_supply(opened, closes_tie, out)
                assert {named[one] for one in found.dead} == dead, (opened, closes_tie, out)
                assert off == {one for one, fed in SUPPLIED.items() if fed <= dead}, (opened, closes_tie, out)
                assert held == {one for one, fed in SUPPLIED.items() if fed & dead and not fed <= dead}
                seen += 1
    assert seen == 16 * 2 * len(OUTS)
