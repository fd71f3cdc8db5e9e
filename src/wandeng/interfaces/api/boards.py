"""Community boards: one board, what it says; putting up, keepers, bills due, withdrawing."""

from __future__ import annotations

from wandeng.domains.boards import actions, queries
from wandeng.domains.boards.types import BoardShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write


def one_board(scope: Scope, board: int) -> BoardShown:
    """A community board with its areas."""
    return queries.board(scope, board)


_DO, _ACT, _TAG = "console:boards-do", "console:board-act", "boards"
read("/community-boards/{int:board}", one_board, name="board", like="console:board", tag=_TAG, about="公示栏 a board")
write(
    "/community-boards/put-up",
    actions.put_up,
    name="board-put-up",
    like=_DO,
    tag=_TAG,
    about="设立公示栏 put up a board",
)
write(
    "/community-boards/put-up-community", actions.put_up_community, name="board-put-up-community", like=_DO, tag=_TAG,
    about="为小区设立公示栏 put up the board of a community",
)  # fmt: skip
write(
    "/community-boards/put-up-all", actions.put_up_all, name="board-put-up-all", like=_DO, tag=_TAG,
    about="为全部台区设立公示栏 put up boards for a unit",
)  # fmt: skip
write(
    "/community-boards/arrears", actions.show_arrears, name="board-arrears", like=_DO, tag=_TAG,
    about="公示栏显示欠费 show bills due, or not",
)  # fmt: skip
write(
    "/community-boards/{int:board}/keeper", actions.name_keeper, name="board-keeper", like=_ACT, tag=_TAG,
    about="指定台区负责人 name who keeps the area",
)  # fmt: skip
write(
    "/community-boards/{int:board}/withdraw", actions.withdraw, name="board-withdraw", like=_ACT, tag=_TAG,
    about="撤下公示栏 withdraw a board",
)  # fmt: skip
