"""Which transformer a newcomer is put on."""

from __future__ import annotations

from wandeng.domains.connections.siting import Shares, carried, distance_m, nearest
from wandeng.domains.connections.types import Position
from wandeng.domains.network.queries.sites import PublicTransformer
from wandeng.kernel.ids import TransformerId

HERE = Position(112_000_000, 26_000_000)
SHARES = Shares(80, 40)


def built(key: int, *, kva: int = 100, north_e6: int | None = 0, area: str = "") -> PublicTransformer:
    place = (None, None) if north_e6 is None else (112_000_000, 26_000_000 + north_e6)
    return PublicTransformer(TransformerId(key), f"T{key}", f"台区{key}", area, kva * 100, 1, "F1", "一线", *place)


def spares(*transformers: PublicTransformer, wanted: int = 20, **known: dict[int, int]) -> list[tuple[str, int]]:
    told = {"contracts": {}, "measured": {}, "reserved": {}} | known
    found = carried(nearest(transformers, HERE, "新华村3组"), wanted_ckva=wanted * 100, shares=SHARES, **told)
    return [(one.looked.transformer.code, one.spare_ckva) for one in found]


def test_a_degree_of_latitude_is_111_kilometers_and_one_of_longitude_less() -> None:
    assert distance_m(HERE, 112_000_000, 27_000_000) == 111_320
    # cos 26° = 0.8988
    assert distance_m(HERE, 113_000_000, 26_000_000) == 100_054


def test_the_area_that_the_address_names_comes_before_a_nearer_one() -> None:
    assert [code for code, _ in spares(built(1), built(2, north_e6=9_000, area="新华村"))] == ["T2", "T1"]


def test_whoever_has_room_comes_before_whoever_is_near() -> None:
    # T1: 80 allowed, 200 × 40 % = 80 taken, 20 wanted: 20 lacking. T2, a kilometer off: 80 − 20 = 60 left.
    assert spares(built(1), built(2, north_e6=9_000), contracts={1: 200_00}) == [("T2", 60_00), ("T1", -20_00)]


def test_what_was_metered_is_believed_before_the_contracts() -> None:
    # 80 − 30 metered − 20 wanted = 30.
    assert spares(built(1), contracts={1: 500_00}, measured={1: 30_00}) == [("T1", 30_00)]


def test_connections_under_way_hold_their_share() -> None:
    # 80 − 50 × 40 % − 20 = 40.
    assert spares(built(1), reserved={1: 50_00}) == [("T1", 40_00)]


def test_where_nobody_has_room_the_one_that_lacks_least_is_proposed() -> None:
    assert spares(built(1), built(2, kva=125, north_e6=9_000), wanted=200) == [("T2", -100_00), ("T1", -120_00)]


def test_a_share_of_a_load_is_rounded_up_and_of_a_capacity_down() -> None:
    # 0.01 kVA × 40 % counts as 0.01; 1.01 kVA × 80 % = 0.808 is 0.80; wanted 0.20.
    one = PublicTransformer(TransformerId(1), "T1", "台区", "", 101, 1, "F1", "一线", None, None)
    looked = nearest([one], None, "")
    (found,) = carried(looked, wanted_ckva=20, contracts={1: 1}, measured={}, reserved={}, shares=SHARES)
    assert (found.load_ckva, found.spare_ckva, found.looked.distance_m) == (1, 59, None)


def test_only_the_nearest_twelve_are_looked_at() -> None:
    assert len(nearest([built(key, north_e6=key) for key in range(1, 20)], HERE, "")) == 12
