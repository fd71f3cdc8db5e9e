"""What is written on a case and concerns its customer (告知客户): which fields, and in which words, the definition says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wandeng.domains.cases.events import CustomerConcerned
from wandeng.domains.cases.models import Case
from wandeng.infra.processes.definition import ProcessDefinition


def of(
    row: Case, body: ProcessDefinition, answers: Mapping[str, str], codes: Collection[str]
) -> CustomerConcerned | None:
    """What the customer is to be told now that the fields with these ``codes`` are filled: the last of them counts, so that
    nobody hears that supply is expected once it is back. ``None`` for a case of nobody known, or of somebody who stays unnamed."""
    if row.account_id is None or row.is_anonymous or row.is_confidential:
        return None
    told = [one.code for one in body.fields if one.tells and one.code in codes and answers.get(one.code)]
    if not told:
        return None
    return CustomerConcerned(row.number, row.process, told[-1], answers[told[-1]], row.unit.path)


def due_with(body: ProcessDefinition, step: str) -> list[str]:
    """The fields that are filled at the latest when a step is finished."""
    return [one.code for one in body.fields if one.by == step]
