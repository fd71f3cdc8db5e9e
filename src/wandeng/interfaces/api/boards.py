"""Community boards: one board, what it says; putting up, keepers, bills due, withdrawing."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.boards import actions, queries
from wandeng.domains.boards.types import BoardShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor


def one_board(scope: Scope, board: int) -> BoardShown:
    """A community board with its areas."""
    return queries.board(scope, board)


def put_up(*, area: str, is_public: bool, actor: Actor, at: datetime) -> int:
    """Put up the board of a public area; answers its id."""
    return actions.put_up(area=area, is_public=is_public, actor=actor, at=at)


def put_up_community(*, unit_code: str, community: str, is_public: bool, actor: Actor, at: datetime) -> int:
    """Put up the board of a community of a unit; answers its id."""
    return actions.put_up_community(unit_code=unit_code, community=community, is_public=is_public, actor=actor, at=at)


def put_up_all(*, unit_code: str, is_public: bool, actor: Actor, at: datetime) -> int:
    """Put up boards for all public areas of a unit that have none; answers how many."""
    return actions.put_up_all(unit_code=unit_code, is_public=is_public, actor=actor, at=at)


def show_arrears(*, unit_code: str, is_shown: bool, actor: Actor, at: datetime) -> int:
    """Show bills due on the boards of a unit, or not; answers how many boards changed."""
    return actions.show_arrears(unit_code=unit_code, is_shown=is_shown, actor=actor, at=at)


def name_keeper(*, board: int, person: str, actor: Actor, at: datetime) -> None:
    """Name who keeps the area; empty: who holds the post."""
    actions.name_keeper(board=board, person=person, actor=actor, at=at)


def withdraw(*, board: int, actor: Actor, at: datetime) -> None:
    """Withdraw a board."""
    actions.withdraw(board=board, actor=actor, at=at)


_DO, _ACT, _TAG = "console:boards-do", "console:board-act", "boards"
read("/community-boards/{int:board}", one_board, name="board", like="console:board", tag=_TAG, about="公示栏 a board")
write("/community-boards/put-up", put_up, name="board-put-up", like=_DO, tag=_TAG, about="设立公示栏 put up a board")
write(
    "/community-boards/put-up-community", put_up_community, name="board-put-up-community", like=_DO, tag=_TAG,
    about="为小区设立公示栏 put up the board of a community",
)  # fmt: skip
write(
    "/community-boards/put-up-all", put_up_all, name="board-put-up-all", like=_DO, tag=_TAG,
    about="为全部台区设立公示栏 put up boards for a unit",
)  # fmt: skip
write(
    "/community-boards/arrears", show_arrears, name="board-arrears", like=_DO, tag=_TAG,
    about="公示栏显示欠费 show bills due, or not",
)  # fmt: skip
write(
    "/community-boards/{int:board}/keeper", name_keeper, name="board-keeper", like=_ACT, tag=_TAG,
    about="指定台区负责人 name who keeps the area",
)  # fmt: skip
write(
    "/community-boards/{int:board}/withdraw", withdraw, name="board-withdraw", like=_ACT, tag=_TAG,
    about="撤下公示栏 withdraw a board",
)  # fmt: skip
