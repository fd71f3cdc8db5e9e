"""One box over everything: a town imported from files is found as it comes in, by those who may see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.metering import actions as metering
from wandeng.flows import search
from wandeng.flows.imports.tests import make
from wandeng.infra.models import SearchEntry
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import PersonId

pytestmark = pytest.mark.django_db(transaction=True)
COUNTY = Actor("hall", PersonId(1), "43/430426/", frozenset({"HALL_CLERK"}))
OFFICE = Actor("hall", PersonId(1), "43/430426/43042601/", frozenset({"HALL_CLERK"}))
OTHER = Actor("hall", PersonId(1), "43/430426/43042602/", frozenset({"HALL_CLERK"}))


@pytest.fixture(autouse=True)
def _town(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers", "meters")


def found(asked: str, actor: Actor = COUNTY) -> list[tuple[str, str, str]]:
    return [(hit.kind, hit.code, hit.fit) for group in search.find(actor, asked).groups for hit in group.hits]


def test_whatever_a_person_has_in_hand_leads_to_the_thing() -> None:
    assert found("1000000001") == [("account", "1000000001", "NUMBER")]
    assert found("0000001") == [("account", "1000000001", "NUMBER_ENDS")]
    assert found("李四") == [("account", "1000000001", "NAME")]
    assert found("ls")[0] == ("account", "1000000001", "INITIALS")
    assert found("5678") == [("account", "1000000001", "PHONE")]
    assert found("+86 138 2345 6789") == [("account", "1000000002", "PHONE")]
    assert found("镇2号") == [("account", "1000000002", "PLACE_HOLDS")]
    assert found("HT3") == [("agreement", "HT3", "NUMBER")]
    assert found("D2") == [("usage_point", "D2", "NUMBER")]
    assert found("k1") == [("switch", "K1", "NUMBER")]
    assert found("新华村台区") == [("transformer", "T1", "NAME")]
    assert found("白水一线") == [("feeder", "F1", "NAME")]
    assert found("ljpgds") == [("unit", "43042602", "NAME_HOLDS")]
    assert found("没有这样的") == found("") == found("x" * 65) == []


def test_what_fits_exactly_comes_before_what_fits_a_little() -> None:
    kinds = [group.kind for group in search.find(COUNTY, "水泥厂").groups]
    assert kinds == ["account", "transformer"]
    (hit, *_rest) = search.find(COUNTY, "白水").groups[0].hits
    assert (hit.kind, hit.fit) == ("account", "PLACE_HOLDS")


def test_nobody_finds_what_lies_outside_their_units() -> None:
    assert found("水泥厂", OFFICE) == []
    assert found("HT3", OFFICE) == found("D3", OFFICE) == []
    assert ("account", "1000000003", "NAME") in found("水泥厂", OTHER)
    assert found("5678", OTHER) == []
    assert found("K1", OTHER) == []
    assert found("A1", OTHER) == []


def test_people_are_found_by_those_who_administer_only() -> None:
    assert found("P001") == []
    administrator = Actor("admin", PersonId(2), "43/", frozenset({"ADMINISTRATOR"}))
    assert ("person", "P001", "NUMBER") in found("P001", administrator)


def test_a_group_says_that_there_is_more() -> None:
    (group,) = [one for one in search.find(COUNTY, "白水镇", limit=1).groups if one.kind == "account"]
    assert (len(group.hits), group.more) == (1, True)


def test_what_people_make_one_by_one_is_found_at_once() -> None:
    customers.open_account(
        account_number="1000000009", unit_code="43042601", name="赵九", address="白水镇9号", customer_class="RESIDENTIAL",
        locality="RURAL", opened_on=make.AT.date(), actor=SYSTEM, at=make.AT,
    )  # fmt: skip
    metering.stock_meter(asset_number="B777001", actor=SYSTEM, at=make.AT)
    assert found("zj") == [("account", "1000000009", "INITIALS")]
    assert SearchEntry.objects.filter(code="b777001").exists()
    assert found("B777001") == []  # it hangs nowhere: it is nobody's yet


def test_a_dry_run_makes_nothing_findable_and_a_changed_file_changes_what_is_found(tmp_path: Path) -> None:
    changed = make.CUSTOMERS.replace("李四,43042601,白水镇1号", "李五妹,43042601,白水镇北街1号")
    make.take_in(tmp_path, "customers", changed, "dry.csv", dry_run=True)
    assert found("北街") == []
    make.take_in(tmp_path, "customers", changed, "wet.csv")
    assert found("北街") == [("account", "1000000001", "PLACE_HOLDS")]
    assert ("account", "1000000001", "NAME") not in found("李四")


def test_an_index_that_went_astray_is_put_right_and_then_left_alone() -> None:
    CustomerAccount.objects.filter(account_number="1000000001").update(name="钱八")
    gone = SearchEntry.objects.get(code="1000000002")
    SearchEntry.objects.filter(pk=gone.pk).delete()
    SearchEntry.objects.create(id=gone.pk + 1000, code="1000009999", tail="9999000001", name="没有了", place="没有了")
    told: list[tuple[str, int, int]] = []
    assert search.bring_up_to_date(lambda kind, written, out: told.append((kind, written, out))) == 3
    assert told[0] == ("account", 2, 1)
    assert found("钱八") == [("account", "1000000001", "NAME")]
    assert found("王五") == [("account", "1000000002", "NAME")]
    assert search.bring_up_to_date() == 0


def test_a_list_is_filtered_by_the_same_search() -> None:
    inside = Scope(COUNTY.unit_path)
    assert search.account_numbers(inside, "白水镇", limit=10) == ("1000000001", "1000000002")
    assert search.account_numbers(inside, "5678", limit=10) == ("1000000001",)
    assert search.account_numbers(Scope(OTHER.unit_path), "白水镇", limit=10) == ()
