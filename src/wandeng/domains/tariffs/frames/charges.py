"""The rows of the price book before they are a table: one charge, and how charges of successive days are joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

import pyarrow as pa

from wandeng.calc.rating import frames as rating
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.components import BillItems
from wandeng.infra.effective.values import TopicModel
from wandeng.infra.effective.versions import RuleVersion
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.money import price_e8
from wandeng.kernel.periods import FAR_PAST, Period
from wandeng.kernel.units import UNBOUNDED_CKWH

EVERY_MONTH = 4095
AnyVersion = RuleVersion[TopicModel]

PERIOD_MEASURES = {
    "sharp": rating.Measure.SHARP,
    "peak": rating.Measure.PEAK,
    "flat": rating.Measure.FLAT,
    "valley": rating.Measure.VALLEY,
    "deep": rating.Measure.DEEP,
}


@dataclass(frozen=True, slots=True)
class Charge:
    """A price row without its validity. ``sources`` are the paths of the rule files its price is made of."""

    item: str
    kind: rating.Kind
    measure: rating.Measure
    price_e8: int
    sources: tuple[str, ...]
    pf_base: bool = False
    month_mask: int = EVERY_MONTH
    month_basis: rating.MonthBasis = rating.MonthBasis.USAGE_MONTH
    tier: int = 0
    tier_cycle: int = 0
    tier_lo_ckwh: int = 0
    tier_hi_ckwh: int = UNBOUNDED_CKWH


def exact_e8(price: Decimal) -> int:
    """A price in 10⁻⁸ yuan. Written out first, because a small decimal prints with an exponent.

    >>> exact_e8(Decimal("0.00000001")), exact_e8(Decimal("0.50") - Decimal("0.50"))
    (1, 0)
    """
    return price_e8(f"{price:f}")


def scaled_price_e8(base: Decimal, factor: Decimal, decimals: int) -> int:
    """Base price times factor, rounded half up to ``decimals`` (at most 8), in 10⁻⁸ yuan.

    >>> scaled_price_e8(Decimal("0.60886875"), Decimal("1.7"), 8)
    103507688
    """
    exact = base * factor
    return exact_e8(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def pieces_between(from_on: date, to_on: date, versions: Iterable[AnyVersion]) -> list[Period]:
    """The window cut wherever one of the versions begins or ends."""
    edges = [edge for version in versions for edge in (version.effective_from, version.effective_to)]
    return Period(from_on, to_on).split_at(*edges)


@dataclass(slots=True)
class VersionTable:
    """The versions a book refers to, numbered in the order they are first used. A price made from several files
    (base price × factor) refers to an entry that names them all."""

    known: dict[str, AnyVersion] = field(default_factory=dict)
    _ids: dict[tuple[str, ...], int] = field(default_factory=dict)

    def note(self, version: AnyVersion) -> str:
        """Remember a file and give its path, the name charges use for it."""
        self.known[version.path] = version
        return version.path

    def id_of(self, sources: tuple[str, ...]) -> int:
        return self._ids.setdefault(tuple(dict.fromkeys(sources)), len(self._ids))

    def entries(self) -> tuple[rating.Version, ...]:
        return tuple(self._entry(number, [self.known[path] for path in paths]) for paths, number in self._ids.items())

    @staticmethod
    def _entry(number: int, versions: Sequence[AnyVersion]) -> rating.Version:
        hashes = [version.content_hash for version in versions]
        joined = hashes[0] if len(hashes) == 1 else sha256("\n".join(hashes).encode()).hexdigest()
        return rating.Version(
            version_id=number,
            path=" + ".join(version.path for version in versions),
            content_hash=joined,
            effective_from=max(version.effective_from for version in versions).isoformat(),
            citation="; ".join(dict.fromkeys(version.citation for version in versions)),
            status=", ".join(dict.fromkeys(version.status for version in versions)),
        )


@dataclass(slots=True)
class PriceRows:
    """Collects the charges of all structures and becomes the PRICES table."""

    item_ids: dict[str, int]
    versions: VersionTable
    columns: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in rating.PRICES.names})

    def add(self, structure_id: int, dated: Sequence[tuple[Period, Sequence[Charge]]]) -> None:
        """Add one structure's charges, piece by piece in order of time. A charge that is the same in adjoining pieces
        becomes one row, so that only a real change of price cuts a bill."""
        running: dict[Charge, Period] = {}
        done: list[tuple[Period, Charge]] = []
        for piece, charges in dated:
            ongoing: dict[Charge, Period] = {}
            for charge in charges:
                before = running.pop(charge, None)
                joined = before is not None and before.to_on == piece.from_on
                ongoing[charge] = Period(before.from_on if before and joined else piece.from_on, piece.to_on)
                if before and not joined:
                    done.append((before, charge))
            done += [(ended, charge) for charge, ended in running.items()]
            running = ongoing
        done += [(ended, charge) for charge, ended in running.items()]
        for piece, charge in sorted(done, key=self._order):
            self._append(structure_id, piece, charge)

    def _order(self, row: tuple[Period, Charge]) -> tuple[object, ...]:
        piece, charge = row
        item = self.item_ids[charge.item]
        return piece.from_on, item, charge.month_mask, int(charge.measure), charge.tier, charge.sources

    def _append(self, structure_id: int, piece: Period, charge: Charge) -> None:
        own = {
            "structure_id": structure_id,
            "version_id": self.versions.id_of(charge.sources),
            "valid_from": piece.from_on,
            "valid_to": piece.to_on,
            "item_id": self.item_ids[charge.item],
        }
        shared = {f.name: getattr(charge, f.name) for f in fields(charge) if f.name not in ("item", "sources")}
        for name, value in (own | shared).items():
            self.columns[name].append(int(value) if isinstance(value, int) and not isinstance(value, bool) else value)

    def table(self) -> pa.Table:
        return pa.table(self.columns, schema=rating.PRICES)


def bill_items(library: RuleLibrary) -> tuple[rating.Item, ...]:
    """The lines a bill may have. The newest list counts for every day: ids are only ever appended.

    Raises :class:`NoRuleInForce` when the rules have no such list.
    """
    versions = library.versions(BillItems, "national")
    if not versions:
        raise NoRuleInForce(BillItems.topic_name, FAR_PAST, "national")
    return tuple(rating.Item(item.item_id, item.code, item.name_zh, item.name_en) for item in versions[-1].body.items)
