"""Pages in English: nothing Chinese is left but what is marked as such."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.billing.models import Bill
from wandeng.interfaces.console.bills.tests import world

PAGES = {
    "COUNTY_MANAGER": "/ indicators/ report/ customers/ network/ network/map/",
    "BILLING_CLERK": "/ bills/ bills/runs/ bills/runs/new/ bills/exceptions/ bills/{bill}/ bills/runs/{run}/"
    " bills/{bill}/correct/adjust/ prices/ prices/trial/ prices/trial/bill/ prices/trial/theft/",
    "HALL_CLERK": "/ customers/account/1001/ customers/account/1001/part/bills/ customers/agreements/ profile/"
    " customers/contacts/ customers/without-agreement/ customers/account/1001/contacts/add/",
    "METER_READER": "/ metering/routes/ metering/held/ metering/rereads/ metering/meters/",
    "DISPATCHER": "/ network/switches/ network/transformers/ network/points/ network/operations/",
    "ADMINISTRATOR": "/ administration/units/ administration/people/ administration/posts/new/ imports/ imports/new/"
    " administration/roles/ administration/dictionaries/ administration/parameters/ administration/calendar/ doctor/"
    " administration/jobs/ administration/monitor/ administration/brand/ integrations/ integrations/new/",
}


@pytest.fixture(autouse=True)
def _english(settings, tmp_path) -> None:
    settings.HOME = tmp_path
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]


@pytest.mark.django_db(transaction=True)
def test_pages_in_english_hold_no_chinese() -> None:
    run = world.county()
    world.steps.finish(run)
    in_english.latin()
    bill = Bill.objects.filter(account__account_number="1001").latest("pk")
    found: dict[str, Any] = {}
    for role, addresses in PAGES.items():
        world.appoint(role.lower(), role)
        client = world.client_of(role.lower())
        client.cookies["wd_language"] = "en"
        for address in addresses.split():
            path = "/console/" + address.removeprefix("/").format(bill=bill.pk, run=run.run_id)
            answer = client.get(path)
            if answer.status_code != 200:
                found[f"{role} {address}"] = answer.status_code
            elif told := chinese_left.left(answer.content.decode()):
                found[f"{role} {address}"] = told
    assert not found, "\n".join(f"{page}: {told}" for page, told in found.items())


@pytest.mark.django_db
def test_the_way_in_is_in_english() -> None:
    client = Client()
    client.cookies["wd_language"] = "en"
    assert not chinese_left.left(client.get("/console/login/").content.decode())


def test_chinese_of_a_page_is_found() -> None:
    assert chinese_left.left('<p title="a">户号</p><script>中</script><a>简体中文</a>') == ["户号"]
    assert chinese_left.left('<p title="户号">Account</p><q lang="zh">办法〔2012〕<b lang="en">号</b></q>') == [
        "户号",
        "号",
    ]
    assert chinese_left.left('<p>Account</p><a>简体中文</a><p lang="zh">办法〔2012〕<br><b>号</b></p>') == []
