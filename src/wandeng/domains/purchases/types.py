"""Values that purchases shows to others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where bought energy comes from (购电来源); ``name_zh`` is the word people use."""

    GRID = "GRID"
    SMALL_HYDRO = "SMALL_HYDRO"
    SOLAR = "SOLAR"
    WIND = "WIND"
    DIRECT = "DIRECT"
    OTHER = "OTHER"

    @property
    def name_zh(self) -> str:
        return _NAMES[self]


_NAMES = {
    Source.GRID: "省网趸购",
    Source.SMALL_HYDRO: "小水电",
    Source.SOLAR: "光伏电站",
    Source.WIND: "风电场",
    Source.DIRECT: "直接交易",
    Source.OTHER: "其他",
}


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """A purchase of a month: energy in 0.01 kWh, money in fen. ``revision`` counts corrections."""

    purchase_id: int
    unit_code: str
    unit_path: str
    month: str
    source: Source
    supplier: str
    energy_ckwh: int
    amount_fen: int
    document_number: str
    revision: int
