"""How schemes, orders, telling and figures of rationing are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.rationing.types.words import (
    Measure,
    OrderState,
    ParticipantKind,
    RationingCallState,
    RationingTellingKind,
    SchemeState,
    ShareWhy,
    ShortageKind,
)


@dataclass(frozen=True, slots=True)
class ParticipantShown:
    """A participant of a scheme."""

    code: str
    name: str
    kind: ParticipantKind
    measure: Measure
    rota: str
    sequence: int
    before_kw: int
    shed_kw: int
    burden_s: int
    protection: str


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A version of a scheme with its participants in the order of measures."""

    id: int
    unit_code: str
    unit_name: str
    unit_path: str
    year: int
    version: int
    state: SchemeState
    max_demand_kw: int
    document: str
    made_by: str
    made_at: datetime
    approved_by: str
    approved_at: datetime | None
    shed_kw: int
    participants: tuple[ParticipantShown, ...]
    levels: tuple[tuple[str, str, int], ...]
    """Level, its Chinese name, and the kW a scheme has ready for it."""


@dataclass(frozen=True, slots=True)
class ShareShown:
    """A participant in an order: chosen or not, why, and what happened."""

    code: str
    name: str
    kind: ParticipantKind
    measure: Measure
    rota: str
    rank: int
    is_chosen: bool
    why: ShareWhy
    detail: str
    burden_s: int
    shed_kw: int
    before_kw: int
    allowed_kw: int
    areas: int
    off_at: datetime | None
    on_at: datetime | None
    equivalent_s: int
    swap_reason: str


@dataclass(frozen=True, slots=True)
class ShedOrder:
    """An order with everybody who could have taken part."""

    id: int
    number: str
    scheme_id: int
    unit_code: str
    unit_name: str
    unit_path: str
    year: int
    shortage: ShortageKind
    level: str
    level_zh: str
    gap_kw: int
    shed_kw: int
    starts_at: datetime
    ends_at: datetime
    notice_by: datetime
    state: OrderState
    version: int
    changed_why: str
    created_by: str
    created_at: datetime
    approved_by: str
    approved_at: datetime | None
    published_at: datetime | None
    canceled_why: str
    ended_at: datetime | None
    shares: tuple[ShareShown, ...]

    @property
    def short_kw(self) -> int:
        """What the gap lacks."""
        return max(0, self.gap_kw - self.shed_kw)

    @property
    def chosen(self) -> tuple[ShareShown, ...]:
        """Those it takes."""
        return tuple(one for one in self.shares if one.is_chosen)

    @property
    def left(self) -> tuple[ShareShown, ...]:
        """Those it leaves."""
        return tuple(one for one in self.shares if not one.is_chosen)


@dataclass(frozen=True, slots=True)
class RationingSettled:
    """What one look at an order had to be told: accounts by kind, messages, calls."""

    accounts: dict[str, int]
    messages: int
    calls: int


@dataclass(frozen=True, slots=True)
class RationingTellingShown:
    """A telling and how far it has come."""

    id: int
    version: int
    kind: RationingTellingKind
    made_at: datetime
    due_by: datetime
    accounts: int
    messages: int
    reached: int
    by_hand: int

    @property
    def left(self) -> int:
        """Accounts that nobody has reached."""
        return self.accounts - self.reached - self.by_hand


@dataclass(frozen=True, slots=True)
class RationingGap:
    """Somebody who has not been reached."""

    told_id: int
    account_number: str
    area: str
    kind: RationingTellingKind
    due_by: datetime
    state: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class RationingCallShown:
    """A call to an important user or a participant."""

    id: int
    account_number: str
    account_name: str
    importance: str
    is_participant: bool
    kind: RationingTellingKind
    due_by: datetime
    state: RationingCallState
    tries: int
    confirmed_by: str
    called_by: str
    called_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class RationingTellingView:
    """Everything told of an order, whom nobody has reached, calls, the text for the media."""

    number: str
    unit_name: str
    notice_by: datetime
    tellings: tuple[RationingTellingShown, ...]
    gaps: tuple[RationingGap, ...]
    calls: tuple[RationingCallShown, ...]
    media: str


@dataclass(frozen=True, slots=True)
class SavedShare:
    """What one participant saved, Wh; ``why`` tells why it cannot be computed."""

    code: str
    name: str
    shed_kw: int
    quarters: int
    like_days: int
    baseline_wh: int | None
    actual_wh: int | None
    saved_wh: int | None
    why: str

    @property
    def saved_kw(self) -> int | None:
        """Mean power saved, kW."""
        if self.saved_wh is None or not self.quarters:
            return None
        return round(self.saved_wh * 4 / self.quarters / 1000)


@dataclass(frozen=True, slots=True)
class RationingSaved:
    """What an order really saved; sums are over those that can be computed, ``uncomputable`` cannot."""

    number: str
    shares: tuple[SavedShare, ...]
    baseline_wh: int
    actual_wh: int
    saved_wh: int
    expected_wh: int
    uncomputable: int


@dataclass(frozen=True, slots=True)
class BurdenShown:
    """What a participant has borne in a year."""

    code: str
    name: str
    kind: ParticipantKind
    measure: Measure
    rota: str
    times: int
    seconds: int
    equivalent_s: int


@dataclass(frozen=True, slots=True)
class BurdenSpread:
    """How far the burdens of a measure lie apart, seconds."""

    measure: Measure
    participants: int
    most: int
    least: int
    mean: int

    @property
    def spread(self) -> int:
        """Most less least."""
        return self.most - self.least


@dataclass(frozen=True, slots=True)
class LimitedSupply:
    """What limits of load come to beside outages (等效停电时间): ``times`` a customer was limited, how many ``customers`` these were,
    ``seconds`` of all of them, and ``equivalent_s``, each time × (1 − allowed power ÷ power before)."""

    times: int
    customers: int
    seconds: int
    equivalent_s: int


@dataclass(frozen=True, slots=True)
class RationingBurdens:
    """Hours by participant of a unit's year, with fairness by measure."""

    unit_code: str
    unit_name: str
    year: int
    rows: tuple[BurdenShown, ...]
    spreads: tuple[BurdenSpread, ...]
    orders: int
    limited: LimitedSupply


@dataclass(frozen=True, slots=True)
class AnnouncedOrder:
    """Rationing as everybody may know it (有序用电公告): ``areas`` are the public areas that go dark, each with its transformer's id and
    name and its village or community (may be empty)."""

    number: str
    unit_code: str
    unit_name: str
    state: OrderState
    is_changed: bool
    starts_at: datetime
    ends_at: datetime
    areas: tuple[tuple[int, str, str], ...]
