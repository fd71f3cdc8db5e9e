"""Which time limits bind a territory on a day: every commitment that says something, and the strictest of them.

Issuers of commitments (the law, the regulator, a grid company) have folders of their own among the rules. A territory names
in ``commitments`` those that bind it; one that names none is bound by those of its parent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.service_limits import LimitFor, ServiceLimit, ServiceLimits
from wandeng.infra.effective.versions import RuleVersion
from wandeng.kernel.errors import NoRuleInForce

_MINUTES = {"MINUTE": 1, "HOUR": 60, "DAY": 24 * 60, "WORKING_DAY": 24 * 60}
_RANKS = ("MINUTE", "HOUR", "DAY", "WORKING_DAY")


@dataclass(frozen=True, slots=True)
class LimitInForce:
    """What one commitment says of a class on a day. ``of`` is the class it names, which may be broader than the one asked
    about; ``measure`` EACH or AVERAGE; ``path`` and ``content_hash`` are of the version that says so."""

    key: str
    name_zh: str
    name_en: str
    measure: str
    of: str
    amount: int
    unit: str
    commitment: str
    commitment_zh: str
    kind: str
    citation: str
    status: str
    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class LimitsInForce:
    """``strictest`` is what a case's clock runs by; ``all`` are the limits for each case, the strictest first, and
    ``averages`` those promised for the mean of many."""

    strictest: LimitInForce
    all: tuple[LimitInForce, ...]
    averages: tuple[LimitInForce, ...]


def commitments(library: RuleLibrary, territory: str) -> tuple[str, ...]:
    """The issuers whose limits bind a territory: its own list, or that of the nearest parent with one.

    Raises :class:`wandeng.infra.effective.problems.TerritoryUnknown`.
    """
    for code in library.chain(territory):
        if library.territories[code].commitments:
            return library.territories[code].commitments
    return ()


def service_limits(
    library: RuleLibrary, key: str, *, of: str = "ALL", on: date, territory: str
) -> LimitsInForce:  # fmt: skip
    """The limits of a key for a class of customers or places.

    Strictness compares lengths without days off, a day as 24 hours; of equal lengths hours come before days, which begin at
    midnight, and days before working days. Raises :class:`NoRuleInForce` where no commitment limits each case,
    :class:`wandeng.infra.effective.problems.TerritoryUnknown`.
    """
    found = [one for issuer in commitments(library, territory) for one in _said(library, issuer, key, of, on)]
    each = tuple(sorted((one for one in found if one.measure == "EACH"), key=_strictness))
    if not each:
        raise NoRuleInForce(f"{ServiceLimits.topic_name} {key}", on, territory)
    return LimitsInForce(each[0], each, tuple(one for one in found if one.measure == "AVERAGE"))


def declared_keys(library: RuleLibrary) -> frozenset[str]:
    """Every key that some commitment limits for each case, on whatever day."""
    return frozenset(
        limit.key
        for versions in library.shelf.values()
        for version in versions
        if isinstance(version.body, ServiceLimits)
        for limit in version.body.limits
        if limit.measure == "EACH"
    )


def _said(library: RuleLibrary, issuer: str, key: str, of: str, on: date) -> list[LimitInForce]:
    versions = [one for one in library.versions(ServiceLimits, issuer) if one.covers(on)]
    found = []
    for version in versions:
        for limit in version.body.limits:
            said = limit.limit_for(of) if limit.key == key else None
            if said:
                found.append(_in_force(library, version, limit, said))
    return found


def _in_force(
    library: RuleLibrary, version: RuleVersion[ServiceLimits], limit: ServiceLimit, said: LimitFor
) -> LimitInForce:  # fmt: skip
    return LimitInForce(
        key=limit.key,
        name_zh=limit.name_zh,
        name_en=limit.name_en,
        measure=limit.measure,
        of=said.of,
        amount=said.amount,
        unit=said.unit,
        commitment=version.territory,
        commitment_zh=library.territories[version.territory].name_zh,
        kind=version.body.kind,
        citation=limit.citation,
        status=limit.status,
        path=version.path,
        content_hash=version.content_hash,
    )


def _strictness(one: LimitInForce) -> tuple[int, int, str]:
    return one.amount * _MINUTES[one.unit], _RANKS.index(one.unit), one.commitment
