from __future__ import annotations

import polars as pl
import pytest
from django.db import connection

from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import SearchEntry
from wandeng.infra.search import entries, finding, storage
from wandeng.infra.search.entries import FINDABLE, Findable, Kind
from wandeng.infra.search.finding import Fit

ACCOUNTS = (
    Findable(1, 7, "4300010001", "张三", "白水镇新华村3组12号"),
    Findable(2, 7, "4300010002", "张三丰", "白水镇东华村1组"),
    Findable(3, 8, "4300020003", "李张三", "城关镇新华路8号"),
    Findable(4, 8, "4300020004", "新华面粉厂", "城关镇面粉路1号"),
    Findable(5, 8, "9901", "Ａ超市", "城关镇"),
)
EQUIPMENT = (
    (Kind.FEEDER, Findable(1, 7, "F012", "新华线")),
    (Kind.TRANSFORMER, Findable(1, 8, "TQ0001", "东头公变", "新华村")),
    (Kind.METER, Findable(9, None, "0100000012340001")),
)
ALL = tuple(Kind)


def put_all() -> None:
    for one in ACCOUNTS:
        entries.put(Kind.ACCOUNT, one)
    for kind, one in EQUIPMENT:
        entries.put(kind, one)


def found(asked: str, *, units: list[int] | None = None, kinds: tuple[Kind, ...] = ALL) -> list[tuple[str, int, str]]:
    matches = finding.find(asked, kinds, units=units, limit=20)
    return [(match.kind.name, match.id, match.fit.name) for match in matches]


@pytest.fixture(params=["pairs", "no pairs"])
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the table of pairs, and as on a SQLite without full-text search."""
    if request.param == "no pairs":
        monkeypatch.setattr(storage, "exists", lambda: False)


@pytest.mark.django_db
@pytest.mark.usefixtures("_both_ways")
def test_what_people_have_in_hand_finds_the_thing_best_first() -> None:
    put_all()
    assert found("4300010001") == [("ACCOUNT", 1, "NUMBER")]
    assert found("4300 0100 02") == [("ACCOUNT", 2, "NUMBER")]  # a number read out in groups
    assert found("430001") == [("ACCOUNT", 1, "NUMBER_STARTS"), ("ACCOUNT", 2, "NUMBER_STARTS")]
    assert found("0001") == [
        ("ACCOUNT", 1, "NUMBER_ENDS"),
        ("METER", 9, "NUMBER_ENDS"),
        ("TRANSFORMER", 1, "NUMBER_ENDS"),
    ]
    assert found("张三") == [("ACCOUNT", 1, "NAME"), ("ACCOUNT", 2, "NAME_STARTS"), ("ACCOUNT", 3, "NAME_HOLDS")]
    assert found("zs") == [("ACCOUNT", 1, "INITIALS"), ("ACCOUNT", 2, "INITIALS_START"), ("ACCOUNT", 3, "NAME_HOLDS")]
    assert found("MFC") == [("ACCOUNT", 4, "NAME_HOLDS")]
    assert found("张") == [("ACCOUNT", 1, "NAME_STARTS"), ("ACCOUNT", 2, "NAME_STARTS")]
    assert found("a超市") == [("ACCOUNT", 5, "NAME")]
    assert found("tq0001") == [("TRANSFORMER", 1, "NUMBER")]
    assert found("没有的") == found("  ") == found("%") == found("'; --") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_both_ways")
def test_a_piece_of_an_address_comes_after_names_and_names_of_equipment_with_them() -> None:
    put_all()
    assert found("新华") == [
        ("ACCOUNT", 4, "NAME_STARTS"),
        ("FEEDER", 1, "NAME_STARTS"),
        ("ACCOUNT", 1, "PLACE_HOLDS"),
        ("ACCOUNT", 3, "PLACE_HOLDS"),
        ("TRANSFORMER", 1, "PLACE_HOLDS"),
    ]
    assert found("华村3组") == [("ACCOUNT", 1, "PLACE_HOLDS")]


@pytest.mark.django_db
@pytest.mark.usefixtures("_both_ways")
def test_several_words_must_all_fit_wherever_they_stand() -> None:
    put_all()
    assert found("张三 白水") == [("ACCOUNT", 1, "PLACE_HOLDS"), ("ACCOUNT", 2, "PLACE_HOLDS")]
    assert found("新华村 张三") == [("ACCOUNT", 1, "PLACE_HOLDS")]
    assert found("张三 丰") == [("ACCOUNT", 2, "NAME_HOLDS")]  # a single character narrows too
    assert found("张三 面粉") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_both_ways")
def test_only_things_of_the_units_asked_for_are_found() -> None:
    put_all()
    assert found("新华", units=[8]) == [
        ("ACCOUNT", 4, "NAME_STARTS"),
        ("ACCOUNT", 3, "PLACE_HOLDS"),
        ("TRANSFORMER", 1, "PLACE_HOLDS"),
    ]
    assert found("430001", units=[8]) == []
    assert found("张三", units=[]) == []


@pytest.mark.django_db
def test_a_change_is_found_by_the_new_words_and_no_longer_by_the_old() -> None:
    put_all()
    entries.put(Kind.ACCOUNT, Findable(1, 8, "4300010001", "王五", "城关镇北街9号"))
    assert found("北街") == [("ACCOUNT", 1, "PLACE_HOLDS")]
    assert ("ACCOUNT", 1, "NAME") not in found("张三")
    assert found("王五", units=[7]) == []
    assert found("ww", units=[8]) == [("ACCOUNT", 1, "INITIALS")]


def frame(*things: Findable) -> pl.DataFrame:
    rows = [(one.id, one.unit_id, one.code, one.name, one.place) for one in things]
    return pl.DataFrame(
        rows, schema={name: pl.from_arrow(FINDABLE.empty_table())[name].dtype for name in FINDABLE.names}, orient="row"
    )


@pytest.mark.django_db(transaction=True)
def test_columns_leave_the_same_entries_and_pairs_as_one_by_one() -> None:
    for one in ACCOUNTS:
        entries.put(Kind.ACCOUNT, one)
    singly = entries_and_pairs()
    empty()
    with ColumnStore() as store, store.transaction():
        assert entries.put_many(store, Kind.ACCOUNT, frame(*ACCOUNTS)) == len(ACCOUNTS)
        assert entries.put_many(store, Kind.ACCOUNT, frame(*ACCOUNTS)) == 0  # nothing is written twice
    assert entries_and_pairs() == singly
    empty()


@pytest.mark.django_db(transaction=True)
def test_columns_change_and_take_out_what_is_gone() -> None:
    with ColumnStore() as store, store.transaction():
        entries.put_many(store, Kind.ACCOUNT, frame(*ACCOUNTS))
        moved = Findable(1, 8, "4300010001", "王五", "城关镇北街9号")
        assert entries.put_many(store, Kind.ACCOUNT, frame(moved, *ACCOUNTS[1:])) == 1
        assert entries.forget_missing(store, Kind.ACCOUNT, [1, 2, 3, 5], from_id=0, to_id=100) == 1
    assert found("北街") == [("ACCOUNT", 1, "PLACE_HOLDS")]
    assert found("面粉") == []
    assert [fit for _, _, fit in found("张三")] == ["NAME_STARTS", "NAME_HOLDS"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {storage.TABLE} ({storage.TABLE}) VALUES ('integrity-check')")
    empty()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_found() -> None:
    def rehearse(store: ColumnStore) -> None:
        with store.transaction():
            entries.put_many(store, Kind.ACCOUNT, frame(*ACCOUNTS))
            raise RuntimeError("the import was a rehearsal")

    with ColumnStore() as store, pytest.raises(RuntimeError):
        rehearse(store)
    assert found("张三") == []


def empty() -> None:
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        clear = f"INSERT INTO {storage.TABLE} ({storage.TABLE}) VALUES ('delete-all')"
        cursor.execute(clear if connection.vendor == "sqlite" else f"DELETE FROM {storage.TABLE}")


def entries_and_pairs() -> list[object]:
    """Every entry, and what each pair of characters of the accounts finds."""
    rows = list(SearchEntry.objects.order_by("id").values_list())
    texts = [text for one in ACCOUNTS for text in (one.name, one.place)]
    asked = [text[start : start + 2] for text in texts if text for start in range(len(text) - 1)]
    return [rows, [found(one) for one in asked]]


def test_fits_are_in_order_of_how_sure_they_are() -> None:
    assert sorted(Fit) == list(Fit)
