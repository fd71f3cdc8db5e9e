"""The first page of those who keep the books of money received."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wandeng.domains.billing import queries as billing
from wandeng.interfaces.console.home.parts import Home, Kpi, counted, link
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.kernel.periods import Month


def accountant(asking: Asking) -> Home:
    """What was billed last, month beside month."""
    month = billing.last_month_billed(asking.scope) or Month.of(asking.today).previous()
    totals = billing.month_totals(asking.scope, month)
    return Home(
        kpis=(
            Kpi(_("%(month)s 账单") % {"month": month}, counted(sum(one.bills for one in totals)), _("张"), "", "",
                link(asking, "console:bills-list", month=month)),
        ),
        parts=(
            ("months", {"rows": totals, "month": month, "before": month.previous(), "states": bill_words.RUN_STATES,
                        "tones": bill_words.RUN_TONES}),
        ),
    )  # fmt: skip
