"""The board and the project page: from a scheme to a choice, and who may do what."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.cases.tests.make import actor
from wandeng.domains.cases.types import Charter
from wandeng.domains.connections.models import ConnectionProject, ReinforcementNeed, SupplySource
from wandeng.domains.connections.tests import make
from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.organization import queries as organization
from wandeng.flows.connections import finishing

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter(settings: object) -> Charter:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.county()
    return Charter.current()


def client(code: str) -> Client:
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def page(code: str, address: str = "", status: int = 200) -> str:
    answer = client(code).get(f"/console/connections/{address}")
    assert answer.status_code == status, answer.content.decode()[-600:]
    return answer.content.decode()


def post(code: str, where: str, /, status: int = 302, **data: str) -> str:
    answer = client(code).post(f"/console/connections/{where}", data)
    assert answer.status_code == status, answer.content.decode()[-600:]
    return answer.content.decode()


def accepted(charter: Charter, number: str) -> str:
    """The case past its first step: whoever surveys has it."""
    finishing.finish(number=number, step="ACCEPT", actor=actor("HALL_CLERK"), at=make.NOW, charter=charter)
    return number


def test_a_scheme_is_drafted_chosen_and_priced_on_one_page(charter: Charter) -> None:
    number = accepted(charter, make.opened(charter, make.HOME))
    assert number in page("hall_clerk")
    assert "还没有拟定供电方案" in page("hall_clerk", f"{number}/")
    post("hall_clerk", f"{number}/appoint/", surveyor="cell_manager")
    post("cell_manager", f"{number}/draft/", longitude="112.0", latitude="26.0", address="新华")
    shown = page("cell_manager", f"{number}/")
    assert "新华台区 T-near" in shown
    assert "地址所在" in shown
    post("cell_manager", f"{number}/choose/", place="1")
    post("cell_manager", f"{number}/terms/", price_code="demo.residential", basic_method="0", pf_standard="0")
    row = ConnectionProject.objects.get()
    assert (row.surveyor, row.price_code, row.longitude_e6) == ("cell_manager", "demo.residential", 112_000_000)
    assert SupplySource.objects.get().transformer.code == "T-near"
    assert "已选用" in page("cell_manager", f"{number}/")


def test_what_is_refused_is_told_on_the_page(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    told = post("cell_manager", f"{number}/terms/", status=422, price_code="demo.commercial.lv", basic_method="0",
                pf_standard="0")  # fmt: skip
    assert "电价码 demo.commercial.lv 不适用于该报装类别" in told
    assert not ConnectionProject.objects.exists()


def test_the_sources_of_a_factory_are_laid_down(charter: Charter) -> None:
    number = accepted(charter, make.opened(charter, make.FACTORY, process="high_voltage_connection"))
    told = {"s1-feeder_code": "F-c01", "s1-capacity": "1000", "s1-boundary": "01号杆", "s2-feeder_code": "F-2",
            "s2-capacity": "1000", "s2-boundary": "12号杆", "s2-is_interlocked": "on"}  # fmt: skip
    post("account_manager", f"{number}/sources/", **told)
    shown = page("account_manager", f"{number}/")
    assert "12号杆" in shown
    assert "备用联锁" in shown
    post("account_manager", f"{number}/sources/", status=422, **(told | {"s2-boundary": ""}))


def test_a_need_is_followed_from_the_connection_that_made_it(charter: Charter) -> None:
    PowerTransformer.objects.update(capacity_ckva=5_00)
    number = accepted(charter, make.opened(charter, make.HOME))
    post("cell_manager", f"{number}/draft/")
    post("cell_manager", f"{number}/choose/", place="1")
    assert "先接入、后改造" in page("cell_manager", f"{number}/")
    need = ReinforcementNeed.objects.get()
    assert number in page("county_manager", "needs/")
    post("county_manager", f"needs/{need.pk}/", case=number, planned_on="2026-12-01", note="增容")
    assert str(ReinforcementNeed.objects.get().planned_on) == "2026-12-01"


def test_who_has_nothing_to_do_with_connections_sees_none(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    page("meter_reader", status=403)
    post("meter_reader", f"{number}/draft/", status=403)
    page("hall_clerk", "99999999/", status=404)


def test_the_pages_are_english_for_english_readers(charter: Charter, settings: object, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]  # type: ignore[attr-defined]
    number = make.opened(charter, make.HOME)
    post("cell_manager", f"{number}/draft/")
    in_english.latin()
    reader = client("cell_manager")
    reader.cookies["wd_language"] = "en"
    for address in ("", "needs/", f"{number}/"):
        answer = reader.get(f"/console/connections/{address}")
        assert answer.status_code == 200
        assert chinese_left.left(answer.content.decode()) == []
