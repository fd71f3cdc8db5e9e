"""Published prices, contract terms, trial calculation."""

from __future__ import annotations

import json
from typing import Any

from wandeng.calc.trial.steps import Outcome
from wandeng.domains.customers import queries as customers
from wandeng.domains.tariffs import actions, queries
from wandeng.flows import trial
from wandeng.infra.effective.library import RuleLibrary
from wandeng.interfaces.api.operations import read, write


def calculate(kind: str, case: dict[str, Any], library: RuleLibrary) -> Outcome:
    """A trial calculation (试算): the case as the samples of ``wandeng calc`` have it."""
    return trial.calculate(kind, json.dumps(case, ensure_ascii=False), library)


read(
    "/price-codes",
    queries.codes,
    name="price-codes",
    like="console:prices-list",
    tag="prices",
    about="电价代码 price codes",
)
read(
    "/price-codes/{code}", queries.history, name="price-code", like="console:prices-code", tag="prices",
    about="一个电价的各版本 the versions of a price",
)  # fmt: skip
read(
    "/accounts/{account_number}/terms", queries.account_terms, name="account-terms", of=customers.account, like="console:prices-terms",
    tag="prices", about="合同条款 by what an account is priced, from when",
)  # fmt: skip
write(
    "/usage-points/{usage_point}/terms", actions.change_terms, name="terms-change", like="console:prices-change",
    tag="prices", about="变更条款 change the terms from a day",
)  # fmt: skip
write(
    "/usage-points/{usage_point}/suspend", actions.suspend_capacity, name="capacity-suspend",
    like="console:prices-change", tag="prices", about="暂停容量 suspend capacity",
)  # fmt: skip
write(
    "/usage-points/{usage_point}/resume", actions.resume_capacity, name="capacity-resume", like="console:prices-change",
    tag="prices", about="恢复容量 resume capacity",
)  # fmt: skip
write(
    "/calc/{kind}",
    calculate,
    name="calc",
    like="api:calc",
    tag="prices",
    about="试算 trial calculation",
)
read(
    "/rule-files/{path:path}", queries.source, name="rule-file", like="console:prices-rule", tag="prices",
    about="规则文件 a rule file with its source",
)  # fmt: skip
