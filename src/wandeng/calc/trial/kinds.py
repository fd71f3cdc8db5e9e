"""The kinds of trial calculation: their names, the schemas of their cases, and a ready sample of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from wandeng.calc.trial import back_billings, breaches, compensations, line_losses, reliabilities
from wandeng.calc.trial.bills import BillCase
from wandeng.calc.trial.fields import Case
from wandeng.calc.trial.late_fees import LateFeeCase
from wandeng.calc.trial.outage_plans import OutagePlanCase
from wandeng.calc.trial.single_rows import BasicChargeCase, LossOnlyCase, PowerFactorCase
from wandeng.calc.trial.thefts import TheftCase
from wandeng.calc.trial.validation import read_case, read_json
from wandeng.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. ``tag`` is the key of the case that chooses among ``schemas``, empty where there is only one."""

    name: str
    title_zh: str
    title_en: str
    tag: str
    schemas: Mapping[str, type[Case]]

    def read(self, text: str) -> Case:
        """A case file's text as a case.

        Raises :class:`~wandeng.calc.trial.validation.CaseInvalid` with every complaint.
        """
        return read_case(read_json(text), self.schemas, self.tag)

    @property
    def sample(self) -> str:
        """A case file that can be calculated as it is."""
        folder = resources.files("wandeng.calc.trial").joinpath("samples")
        return folder.joinpath(f"{self.name}.json").read_text(encoding="utf-8")


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("bill", "电费账单", "a whole bill, line by line", "", {"": BillCase}),
        Kind("power-factor", "功率因数调整", "power-factor adjustment and re-rating", "", {"": PowerFactorCase}),
        Kind("basic-charge", "基本电费", "basic charge by capacity or demand, part months", "", {"": BasicChargeCase}),
        Kind("loss", "变损线损", "transformer and line loss of low-voltage metering", "", {"": LossOnlyCase}),
        Kind("late-fee", "违约金", "late fee on unpaid bills", "", {"": LateFeeCase}),
        Kind("theft", "窃电", "price of stolen energy and the penalty", "", {"": TheftCase}),
        Kind("breach", "违约用电", "breach of contract and its penalty", "breach", breaches.SCHEMAS),
        Kind("back-billing", "计量差错退补", "correction of a metering error", "cause", back_billings.SCHEMAS),
        Kind("reliability", "供电可靠性", "ASAI, SAIDI, SAIFI and their pairs", "given", reliabilities.SCHEMAS),
        Kind("line-loss", "线损率", "line-loss rate of a utility or an area", "level", line_losses.SCHEMAS),
        Kind(
            "outage-plan",
            "停电计划",
            "a month of outages placed best, beside the planner's own",
            "",
            {"": OutagePlanCase},
        ),
        Kind("compensation", "赔偿", "appliances, outages, bad voltage", "damage", compensations.SCHEMAS),
    )
}


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises :class:`NotFound` naming the kinds there are.
    """
    if name not in KINDS:
        raise NotFound(f"there is no trial calculation '{name}'; there are {', '.join(KINDS)}")
    return KINDS[name]
