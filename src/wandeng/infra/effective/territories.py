"""Territories and topics as the rules themselves describe them: who inherits what from whom is data, not code."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wandeng.infra.effective.values import Rows, Strict


class Territory(Strict):
    """``territory.toml`` of a folder. ``parent`` is where the topics named in ``inherits`` are looked up when this
    territory has no file of its own for them; one own file of a topic ends the inheritance of that topic.
    ``commitments`` are the folders whose service limits (服务时限) bind this territory; none: those that bind its parent."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name_zh: str
    name_en: str
    parent: str = ""
    inherits: Rows[str] = ()
    commitments: Rows[str] = ()
    demonstration: bool = False
