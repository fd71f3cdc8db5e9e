"""Rationing: schemes, orders, how they take place, who was told, what was saved, how fairly it lies."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import orders, running, schemes, telling
from wandeng.domains.rationing.types import (
    RationingBurdens,
    RationingHandWay,
    RationingSaved,
    RationingTellingView,
    SchemeView,
    ShedOrder,
    ShortageKind,
)
from wandeng.flows import rationing
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

_P = "console:rationing-"


def scheme(scope: Scope, scheme_id: int, *, library: RuleLibrary) -> SchemeView:
    """A version of a scheme with its participants."""
    return queries.scheme(scope, scheme_id, library=library)


def draft(*, unit_code: str, year: int, max_demand_kw: int, actor: Actor, at: datetime) -> int:
    """Draft the next version of a unit's scheme; answers its id. Participants come by import or one by one."""
    return schemes.draft(unit_code=unit_code, year=year, max_demand_kw=max_demand_kw, actor=actor, at=at)


def drop(*, scheme_id: int, code: str, actor: Actor, at: datetime) -> None:
    """Take a participant out of a draft."""
    schemes.drop(scheme_id=scheme_id, code=code, actor=actor, at=at)


def approve_scheme(*, scheme_id: int, document: str = "", actor: Actor, at: datetime) -> None:
    """Approve a draft in the place of what stood."""
    schemes.approve(scheme_id=scheme_id, document=document, actor=actor, at=at)


def order(scope: Scope, number: str, *, library: RuleLibrary) -> ShedOrder:
    """An order: who is chosen, who is not, and why."""
    return queries.order(scope, number, library=library)


def propose(
    *, unit_code: str, starts_at: datetime, ends_at: datetime, gap_kw: int = 0, level: str = "",
    shortage: ShortageKind = ShortageKind.SYSTEM, actor: Actor, at: datetime, library: RuleLibrary,
) -> str:  # fmt: skip
    """Draft an order for a gap in kW or a level; answers its number."""
    return rationing.propose(
        unit_code=unit_code, starts_at=starts_at, ends_at=ends_at, gap_kw=gap_kw, level=level, shortage=shortage,
        actor=actor, at=at, library=library,
    )  # fmt: skip


def change(
    *, number: str, starts_at: datetime, ends_at: datetime, gap_kw: int, reason: str, actor: Actor, at: datetime,
    library: RuleLibrary,
) -> int:  # fmt: skip
    """Change window or gap of an order that has not begun; answers its version."""
    return rationing.change(
        number=number, starts_at=starts_at, ends_at=ends_at, gap_kw=gap_kw, reason=reason, actor=actor, at=at,
        library=library,
    )  # fmt: skip


def by_hand(
    *, number: str, told: tuple[int, ...], way: RationingHandWay, note: str = "", actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Write down that these were told by a person. Answers how many."""
    queries.telling_view(Scope.of(actor), number, now=at)
    return telling.mark_by_hand(told=told, way=way, note=note, actor=actor, at=at)


def call(*, call_id: int, confirmed_by: str = "", note: str = "", actor: Actor, at: datetime) -> None:
    """Write down a call; ``confirmed_by`` empty: nobody answered."""
    telling.call(call_id=call_id, confirmed_by=confirmed_by, note=note, actor=actor, at=at)


def restore(*, number: str, on_at: datetime, codes: tuple[str, ...] = (), actor: Actor, at: datetime) -> int:
    """These, or all that are rationed, may use power as before. Answers how many stay rationed."""
    return running.restore(number=number, on_at=on_at, codes=codes, actor=actor, at=at)


def notices(scope: Scope, number: str, *, now: datetime) -> RationingTellingView:
    """Everything told of an order."""
    return queries.telling_view(scope, number, now=now)


def saved(scope: Scope, number: str, *, library: RuleLibrary) -> RationingSaved:
    """What an order really saved."""
    return queries.saved(scope, number, library=library)


def burdens(scope: Scope, unit_code: str, year: int, *, library: RuleLibrary) -> RationingBurdens:
    """Hours by participant of a year, and their spread."""
    return queries.burdens(scope, unit_code, year=year, library=library)


_T = "outages"
read(
    "/rationing/schemes/{int:scheme_id}",
    scheme,
    name="rationing-scheme",
    like=f"{_P}scheme",
    tag=_T,
    about="有序用电方案 a scheme",
)
write("/rationing/schemes/draft", draft, name="rationing-scheme-draft", like=f"{_P}scheme-new", tag=_T,
      about="新建有序用电方案 draft a scheme")  # fmt: skip
write("/rationing/schemes/{int:scheme_id}/take-in", schemes.take_in, name="rationing-scheme-take-in",
      like=f"{_P}scheme-take-in", tag=_T, about="登记参与对象 take an account or a line into a draft")  # fmt: skip
write("/rationing/schemes/{int:scheme_id}/drop", drop, name="rationing-scheme-drop", like=f"{_P}scheme-drop", tag=_T,
      about="移出参与对象 take a participant out of a draft")  # fmt: skip
write("/rationing/schemes/{int:scheme_id}/approve", approve_scheme, name="rationing-scheme-approve",
      like=f"{_P}scheme-approve", tag=_T, about="批准方案 approve a scheme")  # fmt: skip
write(
    "/rationing/propose",
    propose,
    name="rationing-propose",
    like=f"{_P}new",
    tag=_T,
    about="新建限电指令 draft an order",
)
read("/rationing/orders/{number}", order, name="rationing-order", like=f"{_P}order", tag=_T, about="限电指令 an order")
write("/rationing/orders/{number}/change", change, name="rationing-change", like=f"{_P}change", tag=_T,
      about="变更限电指令 change an order")  # fmt: skip
write("/rationing/orders/{number}/swap", orders.swap, name="rationing-swap", like=f"{_P}swap", tag=_T,
      about="调换限电对象 swap participants")  # fmt: skip
write("/rationing/orders/{number}/approve", orders.approve, name="rationing-approve", like=f"{_P}approve", tag=_T,
      about="批准限电指令 approve an order")  # fmt: skip
write("/rationing/orders/{number}/publish", orders.publish, name="rationing-publish", like=f"{_P}publish", tag=_T,
      about="发布限电指令 publish an order")  # fmt: skip
write("/rationing/orders/{number}/cancel", orders.cancel, name="rationing-cancel", like=f"{_P}cancel", tag=_T,
      about="取消限电指令 cancel an order")  # fmt: skip
write("/rationing/orders/{number}/start", running.start, name="rationing-start", like=f"{_P}run", tag=_T,
      about="限电开始 rationing began")  # fmt: skip
write("/rationing/orders/{number}/allow", running.allow, name="rationing-allow", like=f"{_P}allow", tag=_T,
      about="允许负荷 what a customer may use")  # fmt: skip
write("/rationing/orders/{number}/restore", restore, name="rationing-restore", like=f"{_P}run", tag=_T,
      about="恢复用电 power as before")  # fmt: skip
write("/rationing/orders/{number}/finish", running.finish, name="rationing-finish", like=f"{_P}run", tag=_T,
      about="限电结束 the order is over")  # fmt: skip
read("/rationing/orders/{number}/notices", notices, name="rationing-notices", like=f"{_P}notices", tag=_T,
     about="限电告知 what was told of an order")  # fmt: skip
write("/rationing/orders/{number}/notices/by-hand", by_hand, name="rationing-told-by-hand", like=f"{_P}notices-hand",
      tag=_T, about="人工告知 told by a person")  # fmt: skip
write("/rationing/calls/{int:call_id}/record", call, name="rationing-call", like=f"{_P}call", tag=_T,
      about="电话告知 a call about rationing")  # fmt: skip
read("/rationing/orders/{number}/saved", saved, name="rationing-saved", like=f"{_P}saved", tag=_T,
     about="实际压降 what an order really saved")  # fmt: skip
read("/units/{unit_code}/rationing/{int:year}/burdens", burdens, name="rationing-burdens", like=f"{_P}burdens", tag=_T,
     about="限电时长与公平 hours by participant")  # fmt: skip
