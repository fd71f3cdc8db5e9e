"""What lies in another office answers as what is nowhere: same status, same body, whoever asks (S2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api import world
from wandeng.domains.cases.models import Case, Crew, CrewJob, RepairIncident
from wandeng.domains.organization.models import Unit
from wandeng.infra import ids
from wandeng.interfaces.api.app import load
from wandeng.interfaces.doorway import policy

pytestmark = pytest.mark.django_db(transaction=True)

COMMON = {
    "calc": "arithmetic on what the caller sends",
    "dictionary": "one table for the whole installation",
    "dictionary-set": "one table for the whole installation",
    "disconnection-quarter": "figures of the unit that one acts in",
    "import-kind": "what the product knows",
    "import-template": "what the product knows",
    "knowledge-article": "one knowledge base for the whole installation",
    "knowledge-changes": "one knowledge base for the whole installation",
    "notice-preview": "one set of texts for the whole installation",
    "notice-template": "one set of texts for the whole installation",
    "price-code": "published prices",
    "process": "published definitions of processes",
    "rule-file": "published rules",
}
"""Operations whose address names nothing that belongs to a unit."""

NAMES: dict[str, dict[str, str]] = {
    "connection": {"number": "{connection}"},
    "connection-surveyors": {"number": "{connection}"},
    "case": {"number": "{service_case}"},
    "case-contacts": {"number": "{service_case}"},
    "case-crews": {"number": "{service_case}"},
    "case-evidence-record": {"number": "{kept_case}"},
    "case-track-link": {"number": "{service_case}"},
    "crew": {"code": "{crew}"},
    "appointment": {"number": "{appointment}"},
    "case-appointments": {"number": "{service_case}"},
    "service-place": {"code": "{service_place}"},
    "service-vehicle": {"code": "{vehicle}"},
    "service-route": {"code": "{service_route}"},
    "route-run": {"number": "{route_run}"},
    "route-run-sheet": {"number": "{route_run}"},
    "interruption": {"number": "{interruption}"},
    "outage": {"number": "{outage}"},
    "outage-map": {"number": "{outage}"},
    "outage-notices": {"number": "{outage}"},
    "rationing-order": {"number": "{rationing_order}"},
    "rationing-notices": {"number": "{rationing_order}"},
    "rationing-saved": {"number": "{rationing_order}"},
    "outage-differences": {"number": "{outage}"},
    "outage-month-consequence": {"number": "{planned_outage}", "day": "2026-12-09", "window": "D1"},
    "area-daily-losses": {"code": "T-BS-W", "month": "2026-03"},
    "area-loss-points": {"code": "T-BS-W"},
    "loss-lead-reckoning": {"lead_id": "{loss_lead}"},
    "switching-sheet": {"number": "{sheet}"},
    "switching-suggest": {"number": "{outage}"},
    "outage-letters": {"number": "{outage}"},
    "conversation": {"conversation": "{conversation}"},
    "voltage-point": {"code": "{voltage_point}"},
    "hall": {"code": "{hall}"},
    "board": {"board": "{board}"},
    "hall-ticket": {"ticket": "{queue_ticket}"},
    "outlet": {"code": "{outlet}", "on": "2026-03-05"},
    "circle": {"circle_id": "{circle}"},
    "resident": {"resident_id": "{resident}"},
    "incident": {"number": "{incident}"},
    "incident-crews": {"number": "{incident}"},
    "incident-estimates": {"number": "{incident}"},
    "switch-resupply": {"code": "KW"},
    "storm-announcement": {"unit_code": "BS-W"},
    "permit": {"number": "{permit}"},
    "disconnection": {"number": "{cut}"},
    "disconnection-paper": {"number": "{cut}"},
    "reconnection": {"number": "{reconnection}"},
    "reconnection-paper": {"number": "{reconnection}"},
    "payment-order": {"number": "{payment_order}"},
    "feeder": {"code": "FW"},
    "switch": {"code": "KW"},
    "switch-operate": {"code": "KW"},
    "switch-trace": {"switch": "KW"},
    "transformer": {"code": "T-BS-W"},
    "unit": {"code": "BS-W"},
    "person": {"code": "biller-w"},
    "route": {"code": "RW"},
    "route-sheet": {"code": "RW"},
    "route-progress": {"code": "RW"},
    "agreement-sign": {"number": "HT-W1"},
    "agreement-renew": {"number": "HT-W1"},
    "agreement-terminate": {"number": "HT-W1"},
    "agreement-withdraw": {"number": "HT-W1"},
    "claim-worth": {"number": "{claim}"},
}
"""Names in addresses that mean another thing elsewhere; ``{cut}`` is what the world calls so."""

QUERIES: dict[str, dict[str, Any]] = {
    "loss-lead-reckoning": {"capacity_w": "2000"},
    "route-progress": {"month": "2026-09"},
    "curve": {"day": "2026-08-02"},
    "curve-days": {"month": "2026-08"},
    "outage-differences": {"version": 1, "before": 1},
    "till-receipt-verify": {"code": "A1B2"},
}
Strangers = list[tuple[str, world.Caller]]


def operations(method: str) -> list[tuple[str, str]]:
    """(name, address) of the operations of a method with an object in the address; those of residents know no unit."""
    found = []
    for _prefix, router in load()._routers:
        for address, view in router.path_operations.items():
            for one in view.operations:
                is_own = policy.rule_of(f"api:{one.url_name}").resident
                if method in one.methods and "{" in address and one.url_name not in COMMON and not is_own:
                    found.append((one.url_name, address))
    return sorted(found)


def filled(name: str, address: str, values: dict[str, Any]) -> str:
    own = dict(values)
    if name in NAMES:
        own |= {
            # Days and months are the same for everybody: what is not there is the thing, not the day.
            key: values[told[1:-1]]
            if told.startswith("{")
            else told
            if told[:1].isdigit()
            else values.get("unknown", told)
            for key, told in NAMES[name].items()
        }
    return re.sub(r"\{(?:\w+:)?(\w+)\}", lambda found: str(own[found[1]]), address)


@pytest.fixture
def held(settings: Any) -> world.Held:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    return world.build()


def leaks_of(name: str, address: str, held: world.Held, strangers: Strangers) -> list[str]:
    """What an operation answers otherwise about the west's than about nothing, or answers at all."""
    there = filled(name, address, dict(held.west))
    nowhere = filled(name, address, dict(held.absent) | {"unknown": "NOWHERE"})
    query = QUERIES.get(name, {})
    leaks = []
    for code, stranger in strangers:
        foreign, absent = stranger.get(there, **query), stranger.get(nowhere, **query)
        is_same = (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
        if not is_same or foreign.status_code not in (403, 404):
            leaks.append(f"{name} {code}: {foreign.status_code} {foreign.content[:200]}, absent {absent.status_code}")
    return leaks


def strangers() -> Strangers:
    """People of the east: one who may do anything there, and three whose work it is."""
    return [(code, world.Caller(code)) for code in ("adm-e", "reader-e", "hall-e", "biller-e")]


def test_reading(held: world.Held) -> None:
    west, root, others = world.Caller("adm-w"), world.Caller("adm"), strangers()
    leaks, missing = [], []
    for name, address in operations("GET"):
        there, query = filled(name, address, dict(held.west)), QUERIES.get(name, {})
        # A refusal of the thing as it stands has found it.
        if (root if name == "job" else west).get(there, **query).status_code not in (200, 409):
            missing.append((name, there, west.get(there, **query).content.decode()[:300]))
        leaks += leaks_of(name, address, held, others)
    assert missing == [], "\n".join(map(str, missing))
    assert leaks == [], "\n".join(leaks)
    neighbors_crew(held)


IN_HAND = {"case", "case-crews", "incident", "incident-crews", "incident-estimates", "permit"}
"""What names the fault, the incident and the permit that a crew of the east is given in :func:`neighbors_crew`."""


def neighbors_crew(held: world.Held) -> None:
    """A crew of the east is sent to the west's fault and its incident: its leader, who may do anything in the east, reads these
    while the crew has them in hand, and nothing else; the others of the east nothing; and afterwards nobody anything."""
    leader, others = strangers()[:1], strangers()[1:]
    crew = Crew.objects.create(
        id=ids.reserve(Crew, 1), code="CE", name="东队", unit=Unit.objects.get(code="BS-E"), leader="adm-e",
        skills="LOW_VOLTAGE",
    )  # fmt: skip
    now = datetime.now(UTC)
    for one in (
        {"case": Case.objects.get(number=held.west["service_case"])},
        {"incident": RepairIncident.objects.get()},
    ):
        CrewJob.objects.create(crew=crew, sent_at=now, sent_by="dispatcher", **one)
    reached, leaks = set(), []
    for name, address in operations("GET"):
        if leaks_of(name, address, held, leader):
            assert leader[0][1].get(filled(name, address, dict(held.west))).status_code == 200, name
            reached.add(name)
        leaks += leaks_of(name, address, held, others) if name in IN_HAND else []
    assert reached == IN_HAND | {"case-paper"}
    assert leaks == []

    CrewJob.objects.update(ended_at=now, outcome="TAKEN_BACK")
    leaks = [
        leak for name, address in operations("GET") if name in reached for leak in leaks_of(name, address, held, leader)
    ]
    assert leaks == []
