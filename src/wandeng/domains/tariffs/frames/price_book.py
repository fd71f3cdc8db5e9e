"""The price book as columns, compiled from the rule files for a window of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from wandeng.calc.rating import frames as rating
from wandeng.domains.tariffs.frames import plans, residential, timetables
from wandeng.domains.tariffs.frames.charges import (
    AnyVersion,
    Charge,
    PriceRows,
    VersionTable,
    bill_items,
    pieces_between,
)
from wandeng.domains.tariffs.frames.conventions import conventions
from wandeng.domains.tariffs.rules import is_residential, require_known, split_code, territory_codes
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.components import Funds
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.values import TopicModel
from wandeng.kernel.errors import InvalidInput, NoRuleInForce
from wandeng.kernel.periods import Period


def book(
    library: RuleLibrary,
    *,
    territory: str,
    from_on: date,
    to_on: date,
    price_codes: Sequence[str] | None = None,
) -> rating.Book:
    """Compile the rules of ``from_on`` ≤ day < ``to_on`` into a price book.

    Without ``price_codes`` all codes the territory may use are compiled; given ones may belong to any territory.
    ``structures`` are the codes in alphabetical order. Every day a code lacks one of its parts (a month whose purchase
    price is not published) it has no rows at all, so that rating parks its accounts instead of leaving a part out.
    Rows are clipped to the window, and cut only where a price or its source really changes. Conventions are those in
    force on the last day of the window.

    Raises :class:`InvalidInput` for an empty window, :class:`PriceCodeUnknown`, ``TerritoryUnknown``,
    :class:`NoRuleInForce` where a convention has no rule, :class:`DemandFormulaNotInBook`, :class:`TierMannersMixed`.
    """
    if from_on >= to_on:
        raise InvalidInput(f"the window of a price book must end after it starts: {from_on} to {to_on}")
    codes = territory_codes(library, territory, from_on, to_on) if price_codes is None else price_codes
    structures = tuple(sorted(set(codes)))
    for code in structures:
        require_known(library, code)
    items = bill_items(library)
    versions = VersionTable()
    last_day = to_on - timedelta(days=1)
    manners = _tier_manners(library, structures, from_on, to_on)
    parameters = conventions(library, territory, last_day, manners, versions)
    rows = PriceRows({item.code: item.item_id for item in items}, versions)
    for structure_id, code in enumerate(structures):
        rows.add(structure_id, _dated_charges(library, code, from_on, to_on, versions))
    schedule_of, timetable = timetables.timetable(library, structures, from_on, to_on)
    return rating.Book(rows.table(), items, versions.entries(), structures, parameters, schedule_of, timetable)


def _dated_charges(
    library: RuleLibrary, code: str, from_on: date, to_on: date, versions: VersionTable
) -> list[tuple[Period, list[Charge]]]:
    """The charges of one code, piece by piece; none where a part has no rule in force."""
    territory, plan = split_code(code)
    compiled = residential if is_residential(plan) else plans
    topics: tuple[type[TopicModel], ...] = (Residential, Funds) if is_residential(plan) else (*plans.TOPICS, Funds)
    relevant: list[AnyVersion] = [version for topic in topics for version in library.versions(topic, territory)]
    dated = []
    for piece in pieces_between(from_on, to_on, relevant):
        try:
            charges = compiled.charges(library, territory, plan, piece.from_on, versions)
        except NoRuleInForce:
            charges = []
        dated.append((piece, charges))
    return dated


def _tier_manners(library: RuleLibrary, structures: Sequence[str], from_on: date, to_on: date) -> tuple[str, ...]:
    manners = {
        version.body.time_of_use.manner
        for territory, plan in map(split_code, structures)
        if plan == "residential.tou"
        for version in library.versions(Residential, territory)
        if version.body.time_of_use and version.effective_from < to_on and version.effective_to > from_on
    }
    return tuple(sorted(manners))
