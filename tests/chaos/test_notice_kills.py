"""R5: workers that deliver notices are killed at any moment, before a gateway that fails as real ones do.

Nobody is told twice, and with a gateway that can be asked nobody is missed; of one that cannot be asked, whoever was
missed stands in the outbox for a person. A hundred kills over 4,000 notices, four hundred with ``WANDENG_CHAOS=long``;
``WANDENG_CHAOS_SEED`` repeats the dice.
"""

from __future__ import annotations

import os
import random
import signal
from datetime import date

import polars as pl
import pytest
from tests.kits import bill_chaos, notice_chaos

from wandeng.domains.customers.models import Contact, Customer, CustomerAccount
from wandeng.domains.customers.types import PHONE_COLUMN, PHONE_TAIL_COLUMN
from wandeng.domains.notices import actions, frames
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.notices.tests import make
from wandeng.domains.organization.tests import make as organization
from wandeng.infra import pii
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

NOTICES = 4_000
LONG = os.environ.get("WANDENG_CHAOS") == "long"
KILLS = 400 if LONG else 100
SEED = int(os.environ.get("WANDENG_CHAOS_SEED", "20264"))
WORKERS = 2


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    pii.create_key()


def people_to_tell(count: int) -> None:
    """A county whose every account has a number of its own, and one notice to all of them."""
    unit = organization.county()["BS-W"]
    actions.install_defaults(actor=SYSTEM, at=make.AT)
    ids = pl.int_range(1, count + 1, eager=True)
    phones = [f"139{number:08d}" for number in ids]
    rows = pl.DataFrame({"id": ids}).with_columns(
        customer_id="id", account_id="id", unit_id=pl.lit(int(unit)), account_number=pl.format("77{}", "id"),
        code=pl.format("C{}", "id"), name=pl.lit("用户"), kind=pl.lit("PERSON"), id_number_sealed=pl.lit(""),
        id_number_index=pl.lit(""), address=pl.lit("新华村"), customer_class=pl.lit("RESIDENTIAL"),
        locality=pl.lit("RURAL"), importance=pl.lit(""), household_size=pl.lit(3), opened_on=pl.lit(date(2020, 1, 1)),
        phone_sealed=pl.Series(pii.seal_many(phones, column=PHONE_COLUMN)),
        phone_index=pl.Series(pii.index_many(phones, column=PHONE_COLUMN)),
        phone_tail_index=pl.Series(pii.index_many([phone[-4:] for phone in phones], column=PHONE_TAIL_COLUMN)),
        is_primary=pl.lit(True), verification=pl.lit("RIGHT"),
    )  # fmt: skip
    told = rows.select("account_id", **{name: pl.lit(value) for name, value in make.PAYMENT.items()})
    with ColumnStore() as store, store.transaction():
        for model, names in (
            (Customer, ["id", "code", "name", "kind", "id_number_sealed", "id_number_index"]),
            (CustomerAccount, ["id", "account_number", "customer_id", "unit_id", "name", "address", "customer_class",
                               "locality", "importance", "household_size", "opened_on"]),
            (Contact, ["id", "account_id", "name", "phone_sealed", "phone_index", "phone_tail_index", "is_primary",
                       "verification"]),
        ):  # fmt: skip
            store.append(model, rows.select(names).to_arrow())
        frames.send_many(store, told, key="all", template="payment_received", at=make.AT, actor=SYSTEM)


def kill_until_done(order, address: str, dice: random.Random, *, can_be_asked: bool, kills: int) -> int:
    """Two workers, SIGKILL after 0.05 to 0.5 s, and a patient pair at the end; returns how many were killed."""
    killed = 0
    while killed < kills:
        codes = order(notice_chaos.deliver, (address, can_be_asked, True), WORKERS, dice.uniform(0.05, 0.5))
        killed += sum(code == signal.SIGKILL for code in codes)
        assert all(code in (0, signal.SIGKILL) for code in codes), codes
    left = NoticeRecipient.objects.filter(state="WAITING").count()
    codes = order(notice_chaos.deliver, (address, can_be_asked, True), WORKERS, 110.0)
    print(f"{left} were left when the killing ended")
    assert codes == [0] * WORKERS, codes
    return killed


def states() -> dict[str, int]:
    found = NoticeRecipient.objects.values_list("state", flat=True)
    return {state: list(found).count(state) for state in set(found)}


@pytest.mark.timeout(1800)
def test_kills_tell_nobody_twice_and_miss_nobody_where_the_gateway_can_be_asked() -> None:
    people_to_tell(NOTICES)
    provider = notice_chaos.Provider(random.Random(SEED))
    with notice_chaos.listening(provider) as address, bill_chaos.forking(notice_chaos.warm) as order:
        kills = kill_until_done(order, address, random.Random(SEED), can_be_asked=True, kills=KILLS)
    print(f"seed {SEED}: {kills} kills, {provider.calls} calls, {states()}")
    assert [one for one, times in provider.people.items() if times > 1] == []
    assert len(provider.people) == NOTICES
    assert states() == {"DELIVERED": NOTICES}
    assert kills >= KILLS


@pytest.mark.timeout(1800)
def test_a_gateway_that_cannot_be_asked_leaves_what_is_missed_to_a_person() -> None:
    people_to_tell(NOTICES // 4)
    provider = notice_chaos.Provider(random.Random(SEED + 1))
    with notice_chaos.listening(provider) as address, bill_chaos.forking(notice_chaos.warm) as order:
        kills = kill_until_done(order, address, random.Random(SEED), can_be_asked=False, kills=KILLS // 4)
    found, missed = states(), NOTICES // 4 - len(provider.people)
    print(f"seed {SEED}: {kills} kills, missed {missed}, {found}")
    assert [one for one, times in provider.people.items() if times > 1] == []
    assert set(found) <= {"DELIVERED", "UNKNOWN"}
    assert missed <= found.get("UNKNOWN", 0)


@pytest.mark.timeout(1800)
def test_the_count_sees_a_program_that_marks_after_it_sends() -> None:
    people_to_tell(NOTICES // 8)
    provider = notice_chaos.Provider(random.Random(SEED + 2))
    dice = random.Random(SEED)
    with notice_chaos.listening(provider) as address, bill_chaos.forking(notice_chaos.mark_after_send) as order:
        for _ in range(20):
            order(notice_chaos.deliver, (address, True, False), 1, dice.uniform(0.04, 0.25))
    print(f"{provider.calls} calls, told twice: {sum(times > 1 for times in provider.people.values())}")
    assert any(times > 1 for times in provider.people.values())
