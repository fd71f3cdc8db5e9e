"""Community boards on paper, A3 or A4, one a page: what holds for days. What changes by the minute is behind the code in the corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from wandeng.domains.boards import actions, queries
from wandeng.domains.boards.types import Responsible
from wandeng.flows.community_boards.content import BoardArrearsTold, BoardContent, content
from wandeng.flows.supply_status.planned import PlannedNotice, SayPlanned
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.infra.typesetting import Typesetter, qr_svg
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import FEN_PER_YUAN, format_scaled
from wandeng.kernel.periods import BILLING_ZONE

PAPERS = ("a3", "a4")
MOST_A_FILE = 200
POSTS = {"KEEPER": "台区经理", "SUPERVISOR": "上级负责人"}
_PRICE_SCALE = 8


@dataclass(frozen=True, slots=True)
class BoardPrint:
    """How boards are printed: the paper, whom to call, where the portal is, and how an outage is said in Chinese."""

    paper: str
    hotline: str
    site: str
    say_planned: SayPlanned


def printed(
    *, ids: Sequence[int], how: BoardPrint, actor: Actor, at: datetime, library: RuleLibrary
) -> bytes:  # fmt: skip
    """These boards as one PDF, a page each, by unit and place; keeps when they were printed.

    Raises :class:`NotFound` for one that is not there, outside or withdrawn, :class:`NotAllowed`, :class:`InvalidInput` for too many or an
    unknown paper, ``FontMissing``, ``NoRuleInForce``.
    """
    if not 0 < len(ids) <= MOST_A_FILE:
        raise InvalidInput(f"a file holds 1 to {MOST_A_FILE} boards")
    if how.paper not in PAPERS:
        raise InvalidInput(f"{how.paper} is no paper of boards: a3 or a4")
    found = queries.boards(Scope.of(actor), ids)
    pages = [_page(content(one, now=at, library=library), how) for one in found]
    made = _typesetter().pdf(
        {"paper": how.paper, "size": 1.414 if how.paper == "a3" else 1, "boards": pages},
        made_on=at.astimezone(BILLING_ZONE).date(),
    )  # fmt: skip
    actions.printed(boards=ids, actor=actor, at=at)
    return made


@lru_cache(maxsize=1)
def _typesetter() -> Typesetter:
    return Typesetter(files("wandeng.flows.community_boards").joinpath("board.typ").read_text("utf-8"))


def _page(told: BoardContent, how: BoardPrint) -> dict[str, object]:
    board, day = told.board, told.made_at.astimezone(BILLING_ZONE)
    return {
        "place": board.place, "unit": board.unit_name, "areas": [one.name for one in board.areas],
        "printed_on": f"{day.year}年{day.month}月{day.day}日", "hotline": how.hotline,
        "people": [_person(one) for one in told.people], "planned": [_outage(one, how) for one in told.planned],
        "arrears": _arrears(told.arrears) if told.arrears else None,
        "prices": [
            [_tier(one.tier, one.from_kwh, one.to_kwh, is_yearly=one.is_yearly),
             f"{format_scaled(one.price_e8, _PRICE_SCALE).rstrip('0')} 元/千瓦时"]
            for one in told.prices
        ],
        "outlets": [[one.name, one.address, one.public_phone] for one in told.outlets], "ways": list(told.ways_to_pay),
        "live_qr": qr_svg(f"{how.site}/boards/{board.handle}/"), "portal_qr": qr_svg(f"{how.site}/my/"),
    }  # fmt: skip


def _person(one: Responsible) -> dict[str, object]:
    photo = list(queries.photo(one.photo)) if one.photo else []
    return {
        "name": one.name,
        "post": one.title or POSTS[one.post],
        "phone": one.phone,
        "photo": photo,
        "initial": one.initial,
    }


def _outage(one: PlannedNotice, how: BoardPrint) -> list[str]:
    return how.say_planned(one)["zh-hans"]


def _arrears(told: BoardArrearsTold) -> dict[str, object]:
    """Said as a sentence, and rows of bands or house numbers under it."""
    day = f"截至{told.on.month}月{told.on.day}日"
    if told.customers is None:
        return {"said": f"{day}，逾期未缴电费的不足 {told.least} 户。", "rows": [], "houses": ""}
    if not told.customers:
        return {"said": f"{day}，没有逾期未缴电费的用户。", "rows": [], "houses": ""}
    rows = [[_edge(one.from_fen, one.to_fen), f"{one.customers} 户"] for one in told.bands]
    return {"said": f"{day}，逾期未缴电费的共 {told.customers} 户。", "rows": rows, "houses": "、".join(told.houses)}


def _edge(from_fen: int, to_fen: int | None) -> str:
    low, high = from_fen // FEN_PER_YUAN, None if to_fen is None else to_fen // FEN_PER_YUAN
    if high is None:
        return f"{low} 元以上" if low else "不论金额"
    return f"{low}–{high} 元" if low else f"{high} 元及以下"


def _tier(tier: int, low: int, high: int | None, *, is_yearly: bool) -> str:
    span = f"{low} 千瓦时以上" if high is None else f"{low}–{high} 千瓦时"
    return f"第{'零一二三四五六七八九'[tier]}档　每{'年' if is_yearly else '月'} {span}"
