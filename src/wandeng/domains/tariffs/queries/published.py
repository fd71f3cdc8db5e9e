"""The price book as people read it: every code with its versions, what changed between them, from when, by which document,
and where it has gaps. Reads rule files only, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from wandeng.domains.tariffs.frames import plans, residential
from wandeng.domains.tariffs.frames.charges import AnyVersion, Charge, VersionTable, bill_items, pieces_between
from wandeng.domains.tariffs.rules import (
    declared_plans,
    is_residential,
    price_codes,
    require_known,
    split_code,
    structure_facts,
)
from wandeng.domains.tariffs.types import StructureFacts
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.components import Funds
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.values import TopicModel
from wandeng.kernel.errors import NoRuleInForce, NotFound
from wandeng.kernel.periods import FAR_FUTURE, FAR_PAST
from wandeng.kernel.units import UNBOUNDED_CKWH

MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule file behind a price: the document it cites, how far it is confirmed, and since when it holds."""

    path: str
    topic: str
    territory: str
    title_zh: str
    citation: str
    status: str
    note: str
    from_on: date
    to_on: date
    content_hash: str

    @property
    def is_open(self) -> bool:
        return self.to_on == FAR_FUTURE


@dataclass(frozen=True, slots=True)
class CodeListed:
    """A price code on a day. ``since`` is the first day of the price that holds; ``is_priced`` is false where a part of
    the price has no rule in force that day, and ``missing`` names the topic."""

    code: str
    territory: str
    territory_zh: str
    name_zh: str
    name_en: str
    status: str
    customer_class: str
    schedule: str
    tiered: bool
    two_part: bool
    since: date | None
    until: date | None
    is_priced: bool
    missing: str


@dataclass(frozen=True, slots=True)
class ChargeShown:
    """One price of a code: an item, for one period and tier, in some months. ``tier_to_ckwh`` is null for the last tier;
    ``tier_cycle`` is 1 by month, 12 by year, 0 without tiers."""

    item_code: str
    item_zh: str
    kind: int
    measure: int
    tier: int
    tier_cycle: int
    tier_from_ckwh: int
    tier_to_ckwh: int | None
    months: tuple[int, ...]
    price_e8: int
    sources: tuple[str, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two prices of successive versions the same charge."""
        return self.item_code, self.kind, self.measure, self.tier, self.months


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """Days ``from_on`` ≤ day < ``to_on`` on which no price of a code changes. Without charges it is a gap: ``missing``
    names the topic that has no rule in force, empty where the code is not offered."""

    from_on: date
    to_on: date
    charges: tuple[ChargeShown, ...]
    missing: str = ""

    @property
    def is_gap(self) -> bool:
        return not self.charges

    @property
    def is_open(self) -> bool:
        return self.to_on == FAR_FUTURE

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for charge in self.charges for path in charge.sources))


@dataclass(frozen=True, slots=True)
class PriceChange:
    """One charge before and after a version began; ``None`` where it was not there."""

    before: ChargeShown | None
    after: ChargeShown | None

    @property
    def charge(self) -> ChargeShown:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def change_e8(self) -> int | None:
        """New less old price, null where one of them is missing."""
        return self.after.price_e8 - self.before.price_e8 if self.after and self.before else None


@dataclass(frozen=True, slots=True)
class CodeHistory:
    """A price code with all its versions, oldest first."""

    facts: StructureFacts
    territory: str
    territory_zh: str
    versions: tuple[PriceVersion, ...]

    def on(self, day: date) -> PriceVersion | None:
        """The version that holds on a day, ``None`` before the first."""
        return next((one for one in self.versions if one.from_on <= day < one.to_on), None)

    def gaps(self, *, after: date) -> tuple[PriceVersion, ...]:
        """Stretches without a price that end after a day."""
        return tuple(one for one in self.versions if one.is_gap and one.to_on > after)


def territories(library: RuleLibrary) -> tuple[tuple[str, str], ...]:
    """Territories that declare price codes of their own, with their Chinese names."""
    found = [code for code in library.territories if declared_plans(library, code, date.min, date.max)]
    return tuple((code, library.territories[code].name_zh) for code in sorted(found))


def codes(library: RuleLibrary, on: date, *, territory: str = "") -> tuple[CodeListed, ...]:
    """The codes that territories declare themselves on a day (or one territory), with the version that holds."""
    wanted = [code for code, _ in territories(library) if territory in ("", code)]
    return tuple(_listed(library, one.code, on) for home in wanted for one in price_codes(library, home, on)
                 if one.territory == home)  # fmt: skip


def _listed(library: RuleLibrary, code: str, on: date) -> CodeListed:
    facts = structure_facts(library, code, on)
    home, _ = split_code(code)
    status = next(one.status for one in price_codes(library, home, on) if one.code == code)
    holding = next((one for one in _versions(library, code) if one.from_on <= on < one.to_on), None)
    priced = holding is not None and not holding.is_gap
    return CodeListed(
        code=code,
        territory=home,
        territory_zh=library.territories[home].name_zh,
        name_zh=facts.name_zh.removeprefix(f"{library.territories[home].name_zh} "),
        name_en=facts.name_en,
        status=status,
        customer_class=facts.customer_class,
        schedule=facts.schedule,
        tiered=facts.tiered,
        two_part=facts.two_part,
        since=holding.from_on if holding else None,
        until=None if holding is None or holding.is_open else holding.to_on,
        is_priced=priced,
        missing=holding.missing if holding else "",
    )


def history(library: RuleLibrary, code: str, on: date) -> CodeHistory:
    """All versions of a price code; its facts are those of ``on``, or of its last day before when it is no longer
    offered then.

    Raises ``PriceCodeUnknown``.
    """
    require_known(library, code)
    home, _ = split_code(code)
    versions = _versions(library, code)
    priced = [one for one in versions if one.charges]
    days = [on, *(one.to_on - timedelta(days=1) for one in reversed(priced)), *(one.from_on for one in priced)]
    return CodeHistory(_facts(library, code, days), home, library.territories[home].name_zh, versions)


def _facts(library: RuleLibrary, code: str, days: Iterable[date]) -> StructureFacts:
    """What the code is like on the first of the days on which it is offered."""
    for day in days:
        try:
            return structure_facts(library, code, day)
        except NoRuleInForce:
            continue
    raise NotFound(f"the price code {code} was never offered")


def _versions(library: RuleLibrary, code: str) -> tuple[PriceVersion, ...]:
    """The pieces of a code's life, adjoining equal ones joined; empty stretches before the first price left out."""
    home, plan = split_code(code)
    compiled = residential if is_residential(plan) else plans
    topics: tuple[type[TopicModel], ...] = (Residential, Funds) if is_residential(plan) else (*plans.TOPICS, Funds)
    relevant: list[AnyVersion] = [version for topic in topics for version in library.versions(topic, home)]
    names = {item.code: item.name_zh for item in bill_items(library)}
    found: list[PriceVersion] = []
    for piece in pieces_between(FAR_PAST, FAR_FUTURE, relevant):
        missing = ""
        try:
            rows = compiled.charges(library, home, plan, piece.from_on, VersionTable())
        except NoRuleInForce as refusal:
            rows, missing = [], str(refusal.facts["topic"])
        one = PriceVersion(piece.from_on, piece.to_on, tuple(_shown(row, names) for row in rows), missing)
        if found and (found[-1].charges, found[-1].missing) == (one.charges, one.missing):
            found[-1] = PriceVersion(found[-1].from_on, one.to_on, one.charges, one.missing)
        elif found or one.charges:
            found.append(one)
    return tuple(found)


def _shown(row: Charge, names: dict[str, str]) -> ChargeShown:
    return ChargeShown(
        item_code=row.item,
        item_zh=names.get(row.item, row.item),
        kind=int(row.kind),
        measure=int(row.measure),
        tier=row.tier,
        tier_cycle=row.tier_cycle,
        tier_from_ckwh=row.tier_lo_ckwh,
        tier_to_ckwh=None if row.tier_hi_ckwh >= UNBOUNDED_CKWH else row.tier_hi_ckwh,
        months=tuple(month for month in MONTHS if row.month_mask >> (month - 1) & 1),
        price_e8=row.price_e8,
        sources=row.sources,
    )


def changes(before: PriceVersion, after: PriceVersion) -> tuple[PriceChange, ...]:
    """What is different in a later version: prices, tier edges, charges that came or went. A change of source alone is
    none."""
    old = {charge.key: charge for charge in before.charges}
    new = {charge.key: charge for charge in after.charges}
    pairs = [PriceChange(old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    return tuple(pair for pair in pairs if _priced(pair.before) != _priced(pair.after))


def _priced(charge: ChargeShown | None) -> tuple[object, ...]:
    return () if charge is None else (charge.price_e8, charge.tier_from_ckwh, charge.tier_to_ckwh, charge.tier_cycle)


def source(library: RuleLibrary, path: str) -> RuleSource:
    """The rule file with this path. Raises ``NotFound`` for a path that the library does not hold."""
    for versions in library.shelf.values():
        for version in versions:
            if version.path == path:
                return _source(version)
    raise NotFound(f"there is no rule file {path}")


def sources(library: RuleLibrary, paths: Iterable[str]) -> tuple[RuleSource, ...]:
    """The rule files with these paths; a path may name several, joined by ``" + "``. Unknown ones are left out."""
    wanted = list(dict.fromkeys(part for path in paths for part in path.split(" + ")))
    by_path = {version.path: version for versions in library.shelf.values() for version in versions}
    return tuple(_source(by_path[path]) for path in wanted if path in by_path)


def neighbors(library: RuleLibrary, path: str) -> tuple[RuleSource, ...]:
    """All versions of the topic that a rule file belongs to, oldest first."""
    named = source(library, path)
    return tuple(_source(version) for version in library.shelf[named.territory, named.topic])


def _source(version: AnyVersion) -> RuleSource:
    return RuleSource(
        path=version.path,
        topic=version.topic,
        territory=version.territory,
        title_zh=version.body.title_zh,
        citation=version.citation,
        status=version.status,
        note=version.body.note,
        from_on=version.effective_from,
        to_on=version.effective_to,
        content_hash=version.content_hash,
    )
