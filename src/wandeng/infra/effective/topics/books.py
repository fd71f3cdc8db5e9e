"""Under which heading of the general ledger (会计科目) what this product books appears."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, TopicModel


class Heading(Group):
    """A heading and the ledger accounts that appear under it: those named ``family``, or ``family`` and a part after a
    colon. ``root`` is the side it stands on, as checkers of books call it."""

    family: Annotated[str, Field(pattern=r"^[A-Z_]+(:[A-Z_]+)?$")]
    code: Annotated[str, Field(pattern=r"^\d{4}$")]
    name_zh: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    root: Literal["Assets", "Liabilities", "Income", "Expenses"]


class ChartOfAccounts(TopicModel):
    """会计科目对照: ledger accounts of this product beside headings of the general ledger."""

    topic_name: ClassVar[str] = "chart_of_accounts"

    headings: Rows[Heading]

    @model_validator(mode="after")
    def _each_family_once(self) -> ChartOfAccounts:
        families = [heading.family for heading in self.headings]
        if len(set(families)) != len(families):
            raise ValueError("a family of ledger accounts stands under one heading only")
        return self
