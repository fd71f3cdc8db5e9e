from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from wandeng.domains.network.models import NetworkRevision, SwitchOperation
from wandeng.domains.network.queries import feeder_diagram
from wandeng.domains.network.tests import make
from wandeng.infra.scope import Scope
from wandeng.interfaces.console.network import drawing
from wandeng.interfaces.console.network.tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    world.town()


@pytest.fixture
def dispatcher() -> Client:
    return world.client_of("dispatch")


def operate(client: Client, code: str, to: str, *, htmx: bool = True, **more: str) -> object:
    data = {"to": to, "reason": "检修", **more}
    return client.post(
        f"/console/network/switches/{code}/operate/", data, headers={"HX-Request": "true"} if htmx else {}
    )


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("network/", "白水变电站"),
        ("network/map/", "data-map"),
        ("network/substations/", "S1"),
        ("network/feeders/", "西线"),
        ("network/feeders/F1/", "西线分段开关"),
        ("network/feeders/F1/?part=diagram", "wd-diagram-lines"),
        ("network/transformers/", "新华村"),
        ("network/transformers/T2/", "河西村"),
        ("network/transformers/T2/panel/", "县人民医院"),
        ("network/switches/", "K12"),
        ("network/switches/K12/", "县人民医院"),
        ("network/switches/K12/panel/", "另有电源"),
        ("network/switches/K12/what-if/", "只是试算"),
        ("network/operations/", "没有操作记录"),
        ("network/points/", "张三"),
    ],
)
def test_every_page_shows_what_it_is_for(dispatcher: Client, address: str, shown: str) -> None:
    assert shown in world.text(dispatcher, f"/console/{address}")


def test_what_lies_elsewhere_is_not_there() -> None:
    west = world.client_of("dispatch-w")
    assert west.get("/console/network/feeders/F2/").status_code == 404
    assert west.get("/console/network/switches/K21/").status_code == 404
    assert west.get("/console/network/transformers/T4/").status_code == 404
    assert "K21" not in world.text(west, "/console/network/switches/")
    assert operate(west, "K21", "open").status_code == 404
    features = json.loads(world.text(west, "/console/network/map.geojson"))["features"]
    assert not any("F2" in feature["properties"].get("href", "") for feature in features)


def test_only_a_dispatcher_records_switchings() -> None:
    for code in ("call", "reader", "auditor"):
        client = world.client_of(code)
        assert "记录操作" not in world.text(client, "/console/network/switches/K12/")
        assert operate(client, "K12", "open").status_code == 403
    assert world.client_of("clerk").get("/console/network/").status_code == 200, "who bills may look"
    assert operate(world.client_of("clerk"), "K12", "open").status_code == 403
    assert not SwitchOperation.objects.exists()


def test_a_switching_is_recorded_and_shown_at_once(dispatcher: Client) -> None:
    answer = operate(dispatcher, "K12", "open")
    assert answer.status_code == 200
    assert answer.headers["HX-Trigger"] == "wd:map-refresh"
    page = answer.content.decode()
    assert "与正常方式不符" in page
    assert "检修" in page
    row = SwitchOperation.objects.get()
    assert (row.is_open, row.actor, row.reason) == (True, "dispatch", "检修")
    assert "停电 2 户" in world.text(dispatcher, "/console/network/")
    diagram = world.text(dispatcher, "/console/network/feeders/F1/")
    assert "wd-wire-dead" in diagram
    assert "正常应合" in diagram
    assert "K12" in world.text(dispatcher, "/console/network/switches/?position=off")
    assert "K11" not in world.text(dispatcher, "/console/network/switches/?position=off")


def test_a_page_without_scripts_goes_back_to_the_switch(dispatcher: Client) -> None:
    answer = operate(dispatcher, "K12", "open", htmx=False)
    assert answer.status_code == 302
    assert answer.url == reverse("console:network-switch", args=["K12"])


@pytest.mark.parametrize(
    ("code", "to", "more", "told"),
    [
        ("K12", "closed", {}, "已在合位"),
        ("K12", "open", {"reason": ""}, "reason_error"),
        ("K12", "open", {"at": "2099-01-01T10:00"}, "操作时间在未来"),
    ],
)
def test_a_refused_switching_says_why_on_the_form(
    dispatcher: Client, code: str, to: str, more: dict[str, str], told: str
) -> None:
    answer = operate(dispatcher, code, to, **more)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not SwitchOperation.objects.exists()


def test_customers_behind_a_switch_are_a_list_that_can_be_exported(dispatcher: Client) -> None:
    address = "/console/network/points/?switch=K12&state=current"
    page = world.text(dispatcher, address)
    assert "王五" in page
    assert "张三" not in page
    rows = world.text(dispatcher, f"{address}&format=csv").splitlines()
    assert len(rows) == 3  # 王五 and the hospital, under the titles
    assert "没有符合条件的计量点" in world.text(dispatcher, "/console/network/points/?switch=nothing")


def test_an_unchanged_map_is_not_sent_again(dispatcher: Client) -> None:
    first = dispatcher.get("/console/network/map.geojson")
    assert first.headers["ETag"]
    again = dispatcher.get("/console/network/map.geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    operate(dispatcher, "K12", "open")
    after = dispatcher.get("/console/network/map.geojson", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    # Another scope is another map.
    west = world.client_of("dispatch-w").get(
        "/console/network/map.geojson", headers={"If-None-Match": after.headers["ETag"]}
    )
    assert west.status_code == 200


def test_a_map_that_nobody_marks_is_always_sent(dispatcher: Client) -> None:
    NetworkRevision.objects.all().delete()
    assert "ETag" not in dispatcher.get("/console/network/map.geojson").headers


def test_a_map_shows_positions_supply_and_important_customers_at_their_places(dispatcher: Client) -> None:
    place = {"N11": (111_600_000, 26_300_000), "N12": (111_604_000, 26_300_000), "N13": (111_608_000, 26_304_000)}
    for code, (longitude, latitude) in place.items():
        make.ConnectivityNode.objects.filter(code=code).update(longitude_e6=longitude, latitude_e6=latitude)
    operate(dispatcher, "K12", "open")
    features = json.loads(world.text(dispatcher, "/console/network/map.geojson"))["features"]
    kinds = {(feature["properties"]["kind"], feature["properties"]["state"]) for feature in features}
    assert kinds == {
        ("line", "live"), ("line", "planned"), ("transformer", "live"), ("transformer", "dead"), ("switch", "open"),
        ("customer", "warn"),
    }  # fmt: skip
    (switch,) = [feature for feature in features if feature["properties"]["kind"] == "switch"]
    # A tenth of the way from N12 to N13.
    assert switch["geometry"]["coordinates"] == [111.6044, 26.3004]
    assert "与正常方式不符" in switch["properties"]["label"]


def test_rows_of_the_gutter_stand_beside_their_words() -> None:
    drawn = drawing.drawing(feeder_diagram(Scope("BS/"), "F1", on=make.AT.date()))
    # The head takes the first line of text; row r lies in the middle of line r + 1.
    assert [mark.y for mark in drawn.marks] == [drawing.ROW * (place + 1) + drawing.ROW // 2 for place in range(5)]
    assert drawn.height == drawing.ROW * 6
    assert [mark.symbol for mark in drawn.marks] == ["breaker", "transformer", "switch", "transformer", "switch"]
