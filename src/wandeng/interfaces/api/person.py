"""Who the token stands for."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.types import TokenFacts
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.operations import read, write
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.actors import Actor


class Me(Schema):
    """The person, where they act, and with which roles."""

    code: str
    name: str
    unit_code: str
    unit_path: str
    roles: list[str]
    may_write: bool


@api.get("/me", response=Me, url_name="me", operation_id="me", tags=["me"], summary="我是谁 who the token stands for")
def me(request: Request) -> dict[str, Any]:
    """The person behind the token."""
    asking = request.asking
    return {
        "code": asking.actor.code,
        "name": asking.person.name,
        "unit_code": asking.unit.code,
        "unit_path": asking.actor.unit_path,
        "roles": sorted(str(role) for role in asking.actor.roles),
        "may_write": asking.may_write,
    }


def own_tokens(actor: Actor) -> tuple[TokenFacts, ...]:
    """The asker's own tokens, never what they are."""
    return queries.tokens_of(actor.code)


read("/tokens", own_tokens, name="tokens", like="console:profile", tag="me", about="我的令牌 your tokens")
write(
    "/tokens/{int:token_id}/revoke", actions.revoke_token, name="token-revoke", like="console:token-revoke", tag="me",
    about="作废令牌 end a token",
)  # fmt: skip
