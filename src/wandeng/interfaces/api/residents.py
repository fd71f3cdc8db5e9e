"""Residents as staff see them: one with bindings, sessions and tokens; binding and ending for them."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.residents import actions, queries
from wandeng.domains.residents.types import BindingShown, ResidentShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

TAG = "residents"


def one_resident(scope: Scope, resident_id: int, now: datetime) -> ResidentShown:
    """A resident with bindings, sessions and personal tokens, the phone masked."""
    return queries.resident(scope, resident_id, now=now)


def bindings(scope: Scope, account_number: str) -> tuple[BindingShown, ...]:
    """Who holds and held an account, the newest first."""
    return queries.bindings_of_account(scope, account_number)


def end_token(*, resident_id: int, token: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a personal token of a resident."""
    actions.end_token(resident_id=resident_id, token_id=token, actor=actor, at=at, reason=reason)


def unbind(*, binding: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a binding."""
    actions.revoke(binding_id=binding, actor=actor, at=at, reason=reason)


_ACT = "console:resident-act"
read(
    "/residents/{int:resident_id}", one_resident, name="resident", like="console:resident", tag=TAG,
    about="自助用户 a resident with bindings, sessions and tokens",
)  # fmt: skip
read(
    "/accounts/{account_number}/residents", bindings, name="account-residents", like="console:resident", tag=TAG,
    about="绑定本户的自助用户 who holds and held an account",
)  # fmt: skip
write(
    "/residents/{int:resident_id}/bind", actions.bind_for, name="resident-bind", like=_ACT, tag=TAG,
    about="代为绑定 bind for a resident",
)  # fmt: skip
write(
    "/residents/{int:resident_id}/end-sessions", actions.end_sessions, name="resident-end-sessions", like=_ACT, tag=TAG,
    about="结束登录 end every session of a resident",
)  # fmt: skip
write(
    "/residents/{int:resident_id}/tokens/{int:token}/end", end_token, name="resident-end-token", like=_ACT, tag=TAG,
    about="作废个人令牌 end a personal token",
)  # fmt: skip
write(
    "/resident-bindings/{int:binding}/end", unbind, name="resident-unbind", like=_ACT, tag=TAG,
    about="解绑户号 end a binding",
)  # fmt: skip
