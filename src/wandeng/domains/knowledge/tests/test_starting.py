"""The product's own texts: put in place once, every one with its source, agreeing with the dated rules they cite."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from wandeng.domains.knowledge import actions, queries, starting
from wandeng.domains.knowledge.models import Article
from wandeng.domains.knowledge.tests.make import AT, CHIEF, TODAY
from wandeng.infra.processes import current
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotAllowed

RULES = Path(__file__).resolve().parents[5] / "rules"


def rule(path: str) -> dict[str, Any]:
    with (RULES / f"{path}.toml").open("rb") as file:
        return tomllib.load(file)


def text_of(code: str) -> str:
    return next(one.text.text for one in starting.texts() if one.code == code)


@pytest.mark.django_db
def test_they_are_put_in_place_once_and_found_at_once() -> None:
    count = actions.install(actor=SYSTEM, at=AT)
    assert count == len(starting.texts()) >= 25
    assert actions.install(actor=SYSTEM, at=AT) == 0
    assert {kind for (kind,) in Article.objects.values_list("kind")} == {"ARTICLE", "SCRIPT", "SHEET", "PHRASE"}
    for asked, code in (("jtdj", "residential-tiers"), ("tousu", "complaint-caller"), ("过户", "transfer-sheet")):
        assert code in [one.code for one in queries.search(asked, on=TODAY)][:3]
    assert queries.beside(process="fault_repair", on=TODAY)[0].code == "fault-caller"
    with pytest.raises(NotAllowed):
        actions.install(actor=CHIEF, at=AT)


def test_every_fact_has_a_source_and_every_rule_named_exists() -> None:
    for one in starting.texts():
        assert one.text.sources, one.code
        for path in one.rules:
            assert rule(path)["effective_from"], (one.code, path)


def test_they_belong_to_processes_classes_and_steps_that_exist() -> None:
    processes, _rules = current.libraries()
    known = {one.process: one.body for one in processes.in_force(TODAY)}
    for one in starting.texts():
        for place in one.text.belongs:
            found = known[place.process]
            firsts = found.classification.first if found.classification else ()
            levels = {level.code for first in firsts for level in (first, *first.second)}
            assert {place.case_class} <= {"", *levels}, (one.code, place)
            assert {place.step} <= {"", *found.step_codes}, (one.code, place)


def test_their_figures_are_those_of_the_rules() -> None:
    tiers = rule("hunan/residential/2024-01-01")
    for price in tiers["prices"]["tiers"]:
        assert price in text_of("residential-tiers")
    limits = {one["key"]: one for one in rule("state_grid_95598/service_limits/2021-01-01")["limits"]}
    assert f"{limits['complaint_answer']['limits'][0]['amount']} 个工作日内答复" in text_of("complaint-handling")
    assert f"{limits['transfer_12398']['limits'][0]['amount']} 个工作日" in text_of("hotline-12398")
    whole = {one["key"]: one for one in rule("state_grid/service_limits/2022-01-01")["limits"]}
    days = {one["of"]: one["amount"] for one in whole["connection_utility"]["limits"]}
    assert (days["LOW_VOLTAGE"], days["HV_SINGLE"], days["HV_DUAL"]) == (6, 22, 32)
    assert f"{days['LOW_VOLTAGE']} 个工作日" in text_of("low-voltage-sheet")
    for one in ("HV_SINGLE", "HV_DUAL"):
        assert f"{days[one]} 个工作日" in text_of("high-voltage-sheet")
    assert f"**{rule('national/dunning/2024-06-01')['overdue']['cut_after_days']} 天**" in text_of(
        "cutting-for-arrears"
    )
