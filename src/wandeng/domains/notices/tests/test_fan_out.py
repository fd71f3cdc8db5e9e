from __future__ import annotations

import json

import polars as pl
import pytest

from wandeng.domains.notices import frames
from wandeng.domains.notices.models import Notice, NoticeRecipient
from wandeng.domains.notices.tests import make
from wandeng.domains.notices.types import NoTemplateInForce
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)


def rows(*numbers: str, **other: object) -> pl.DataFrame:
    ids = [make.account_id(number) for number in numbers]
    return pl.DataFrame({"account_id": ids}).with_columns(
        **{name: pl.lit(value) for name, value in ({**make.REMINDER, "spare": "x"} | other).items()}
    )


def send(data: pl.DataFrame, **more: object):
    words = {"key": "k", "template": "arrears_reminder_1", "at": make.AT, "actor": SYSTEM} | more
    with ColumnStore() as store:
        return frames.send_many(store, data, **words)


def test_columns_write_what_the_single_action_writes() -> None:
    make.people()
    single = make.reminded("1001", key="single")
    sent = send(rows("1001", "1004"))
    many = NoticeRecipient.objects.get(notice=sent.notice_id, account_id=single.account_id)
    same = ("account_id", "unit_id", "state", "channel", "round", "rank", "tries", "due_at", "why", "person_id")
    assert [getattr(many, name) for name in same] == [getattr(single, name) for name in same]
    assert json.loads(many.slots) == json.loads(single.slots) == make.REMINDER
    assert (sent.recipients, sent.is_repeat) == (2, False)


def test_the_same_key_again_writes_nothing() -> None:
    make.people()
    first = send(rows("1001", "1002"))
    again = send(rows("1001", "1002", "1004"))
    assert (again.notice_id, again.recipients, again.is_repeat) == (first.notice_id, 2, True)
    assert (Notice.objects.count(), NoticeRecipient.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: rows("1001").drop("owed"), "lacks owed"),
        (lambda: rows("1001", owed=" "), "lacks a value in 1 rows"),
        (lambda: rows("1001", "1001"), "twice"),
        (lambda: rows("1001").with_columns(account_id=pl.lit(999_999)), "do not exist"),
    ],
)
def test_what_cannot_be_told_is_refused_whole(data, sentence: str) -> None:
    make.people()
    with pytest.raises(InvalidInput, match=sentence):
        send(data())
    assert not Notice.objects.exists()


def test_a_template_without_a_text_in_force_is_refused() -> None:
    make.people()
    with pytest.raises(NoTemplateInForce):
        send(rows("1001"), template="no_such")


def test_who_was_told_is_known_by_the_beginning_of_the_key() -> None:
    make.people()
    send(rows("1001", "1004"), key="bills:2026-09:A:1")
    send(rows("1002"), key="bills:2026-10:A:1")
    with ColumnStore() as store:
        told = frames.told_accounts(store, "bills:2026-09:")
        assert frames.notices_like(store, "bills:2026-09:") == 1
    assert sorted(told) == sorted([make.account_id("1001"), make.account_id("1004")])
