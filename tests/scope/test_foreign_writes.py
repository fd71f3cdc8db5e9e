"""Whoever writes to what lies in another office is answered as for what is nowhere, and nothing changes (S2).

Each route that writes is asked by four people of the east about things of the west: by the API, by pages, by the bulk
actions of lists. Routes are found in the product's own tables; one that these tests cannot fill in fails until it has
its sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client

from tests.api import world
from tests.scope import addresses, county, sample_forms, samples, snapshot
from wandeng.domains.cases.models import Case, Crew, CrewJob, RepairIncident
from wandeng.domains.organization.models import Unit
from wandeng.infra import ids
from wandeng.interfaces.doorway.asking import asking_for
from wandeng.interfaces.doorway.lists import definition as lists

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
EACH_TIME = re.compile(rb'(?:name="csrf(?:middlewaretoken" value|-token" content)|data-now)="[^"]*"')


def test_by_the_api(place: county.County) -> None:
    clients = {code: _with_token(code) for code in county.STRANGERS}
    faults: list[str] = []
    for one in addresses.operations():
        if one.name in samples.COMMON:
            continue
        if not one.things(place.west):
            faults.append(f"{one.name}: nothing of an office is named in {one.address} or in {sorted(one.inside)}")
            continue
        before = snapshot.take()
        for named, foreign, absent in _asked(one, place):
            for code, client in clients.items():
                answers = [_told(_post(client, one, values), named, values) for values in (foreign, absent)]
                needs_404 = code == "adm-e" and not (named == {"bill_id"} and one.name in samples.NOT_OPEN)
                faults += _compared(f"{one.name} {sorted(named)} {code}", answers, needs_404=needs_404)
        faults += [f"{one.name} changed {told}" for told in snapshot.told(before, snapshot.take())]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_by_pages(place: county.County, method: str) -> None:
    clients = {code: county.client_of(code) for code in county.STRANGERS}
    faults: list[str] = []
    for route, arguments in addresses.pages(method):
        if route in samples.COMMON:
            continue
        same = samples.SAME.get(route, {})
        west = place.west | samples.named(route, place.west) | same
        absent = place.absent | samples.named(route, place.absent, is_absent=True) | same
        form = sample_forms.FORMS.get(route, {"reason": "测试"})
        try:
            paths = [addresses.page_address(route, arguments, values) for values in (west, absent)]
        except KeyError as lacking:
            faults.append(f"{route}: no sample for {lacking}")
            continue
        if not arguments and route not in sample_forms.FORMS:
            faults.append(f"{route}: no sample of its form")
            continue
        before = snapshot.take()
        for code, client in clients.items():
            answers = []
            for path, values in zip(paths, (west, absent), strict=True):
                sent = {key: str(value).format_map(values) for key, value in form.items()} if method == "POST" else {}
                answers.append(
                    _cleaned(client.post(path, sent) if method == "POST" else client.get(path), path, values)
                )
            faults += _compared(
                f"{route} {code}", answers, needs_404=code == "adm-e" and not same.keys() >= set(arguments)
            )
        faults += [f"{route} changed {told}" for told in snapshot.told(before, snapshot.take())]
    assert faults == [], "\n".join(faults)


def test_by_bulk_actions(place: county.County) -> None:
    clients = {code: _with_token(code) for code in county.STRANGERS}
    faults: list[str] = []
    now = county.now()
    for definition, action in addresses.bulk_actions():
        keys = _keys(definition, "adm" if definition.name in samples.ROOT_LISTS else "adm-w", now)
        if not keys:
            faults.append(f"list {definition.name} has no row in the west to try {action} on")
            continue
        before = snapshot.take()
        for code, client in clients.items():
            answers = [_bulk(client, definition, action, chosen) for chosen in (keys, ["987654321"])]
            faults += _compared(f"{definition.name} {action} {code}", answers, needs_404=False)
        faults += [f"{definition.name} {action} changed {told}" for told in snapshot.told(before, snapshot.take())]
    assert faults == [], "\n".join(faults)


OF_THE_WORK = {
    "case-finish", "case-send-back", "case-pause", "case-resume", "case-fill", "case-hand-in", "case-hand-in-file",
    "case-note", "case-reveal", "case-done", "incident-accept", "incident-arrive", "incident-expect", "incident-restore",
    "permit-write", "permit-close", "permit-withdraw",
}  # fmt: skip
"""What a crew of another office does with a fault, an incident and its permit that were handed to it; seeing a precondition is
among it, but the sample's is nowhere."""


def test_by_a_neighbors_crew(place: county.County) -> None:
    """Before (all tests here) and after as a stranger; while it has them in hand it gets as far as the thing with what the
    work needs, and is refused the rest."""
    client, crew, before = _with_token("adm-e"), _crew_of("adm-e"), snapshot.take()
    asked = [
        (one, place.west | samples.named(one.name, place.west), place.absent | samples.named(one.name, place.absent, is_absent=True))
        for one in addresses.operations()
        if one.name.startswith(("case-", "incident-", "permit-")) and one.name not in samples.COMMON and one.things(place.west)
    ]  # fmt: skip
    reached: list[set[str]] = []
    with transaction.atomic():
        jobs = _sent(crew, place.west)
        for _when in ("during", "after"):
            reached.append(set())
            for one, west, absent in asked:
                named = one.things(west)
                foreign, nothing = (_told(_post(client, one, values), named, values) for values in (west, absent))
                if foreign != nothing and foreign[0] != 403:
                    reached[-1].add(one.name)
            jobs.update(ended_at=county.now(), outcome="TAKEN_BACK")
        transaction.set_rollback(True)
    assert reached == [OF_THE_WORK, set()]
    assert snapshot.told(before, snapshot.take()) == []


def _crew_of(leader: str) -> Crew:
    return Crew(
        id=ids.reserve(Crew, 1), code="CE", name="东队", unit=Unit.objects.get(code="BS-E"), leader=leader,
        skills="LOW_VOLTAGE",
    )  # fmt: skip


def _sent(crew: Crew, west: Mapping[str, Any]) -> QuerySet[CrewJob]:
    """The crew is sent to the west's fault and to its incident."""
    crew.save(force_insert=True)
    case, incident = Case.objects.get(number=west["service_case"]), RepairIncident.objects.get(number=west["incident"])
    for one in ({"case": case}, {"incident": incident}):
        CrewJob.objects.create(crew=crew, sent_at=county.now(), sent_by="dispatcher", **one)
    return CrewJob.objects.filter(crew=crew)


def test_no_sample_is_stale() -> None:
    known = {one.name for one in addresses.operations()} | {
        route for method in ("GET", "POST") for route, _arguments in addresses.pages(method)
    }
    used = samples.COMMON.keys() | samples.NAMES.keys() | sample_forms.FORMS.keys() | samples.BODIES.keys()
    used |= samples.NO_THING.keys() | samples.SAME.keys()
    assert used - known == set()


def _asked(
    one: addresses.Written, place: county.County
) -> Iterator[tuple[frozenset[str], Mapping[str, Any], Mapping[str, Any]]]:
    """What is named, with the west's names and with nobody's: everything, and where the east has the rest, each alone."""
    west = place.west | samples.named(one.name, place.west)
    absent = place.absent | samples.named(one.name, place.absent, is_absent=True)
    things = one.things(west)
    yield things, west, absent
    for name in things if len(things) > 1 else ():
        if things - {name} <= place.east.keys():
            yield frozenset({name}), place.east | {name: west[name]}, place.east | {name: absent[name]}


def _post(client: Client, one: addresses.Written, values: Mapping[str, Any]) -> tuple[int, bytes]:
    path, body = f"/api/v1{one.path(values)}", one.body(values)
    if one.is_form:
        answer = client.post(path, body | {"file": SimpleUploadedFile("a.csv", world.FILE.encode())})
    else:
        answer = client.post(path, body, content_type="application/json")
    return answer.status_code, answer.content


def _told(answer: tuple[int, bytes], named: frozenset[str], values: Mapping[str, Any]) -> tuple[int, bytes]:
    """An answer without the names that the asker typed."""
    status, content = answer
    for name in named:
        content = content.replace(f" {values[name]} ".encode(), b" - ")
    return status, content


def _bulk(client: Client, definition: lists.ListDefinition, action: str, keys: list[str]) -> tuple[int, bytes]:
    offers_choice = any(one.name == action and one.choices for one in definition.bulk)
    chosen = {"keys": keys, "reason": "测试"} | ({"choice": "-"} if offers_choice else {})
    answer = client.post(f"/api/v1/{definition.name}/bulk/{action}", chosen, content_type="application/json")
    return answer.status_code, answer.content


def _keys(definition: lists.ListDefinition, code: str, now: Any) -> list[str]:
    rows = definition.rows(asking_for(code, now=now))
    return [str(row[definition.key]) for row in rows[:20]]


def _with_token(code: str) -> Client:
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {world.token(code)}"})


def _cleaned(answer: Any, path: str, values: Mapping[str, Any]) -> tuple[int, bytes]:
    """A page without what differs each time, and without the address and the names that the asker typed."""
    content = EACH_TIME.sub(b"", answer.content).replace(path.encode(), b"-")
    for value in {str(value) for value in values.values() if not isinstance(value, int)}:
        content = content.replace(f'"{value}"'.encode(), b'"-"')
        content = re.sub(rf" {re.escape(value)}(?=[ <])".encode(), b" -", content)
    return answer.status_code, content


def _compared(what: str, answers: list[tuple[int, bytes]], *, needs_404: bool) -> list[str]:
    foreign, absent = answers
    if foreign[0] != absent[0] or foreign[1] != absent[1]:
        texts = [body.decode(errors="replace") for _status, body in answers]
        at = next((place for place, pair in enumerate(zip(*texts, strict=False)) if len(set(pair)) > 1), 0)
        shown = [text[max(0, at - 60) : at + 200] for text in texts]
        return [f"{what}: {foreign[0]} {shown[0]!r} but for nothing {absent[0]} {shown[1]!r}"]
    if foreign[0] == 405:
        return []  # a route that only takes a form
    if foreign[0] < 400:
        return [f"{what}: {foreign[0]} {_short(foreign)}"]
    if needs_404 and foreign[0] != 404 and what.split()[0] not in samples.ROOT_ONLY:
        return [f"{what}: {foreign[0]} {_short(foreign)}: does it get as far as the thing? It needs a better sample"]
    return []


def _short(answer: tuple[int, bytes]) -> str:
    return answer[1].decode(errors="replace")[:300].replace("\n", " ")
