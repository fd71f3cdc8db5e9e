"""The first page of those who keep the books of money received."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wandeng.domains.billing import queries as billing
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.payments import queries as payments
from wandeng.domains.payments.queries import bank_files, reconciliation, suspense, tills
from wandeng.interfaces.console.home.parts import Home, Kpi, Later, Part, counted, link, todos
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.templatetags.wandeng import yuan
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.interfaces.doorway.words import payments_bank, payments_money
from wandeng.kernel.periods import Month

FEW = 8
LOOKED_BACK = timedelta(days=31)
MONEY = Later(gettext_lazy("最早的待查款"), "console:home-money")


def accountant(asking: Asking) -> Home:
    """Money that waits for a decision, tills that wait for a second person, days that do not agree yet, the books."""
    scope = asking.scope
    sessions, (items, fen) = tills.waiting_sessions(scope), suspense.open_suspense(scope)
    proposed = payments.decision_rows(scope).filter(state="PROPOSED").order_by().count()
    differences = reconciliation.item_rows(scope).filter(state="OPEN").order_by().count()
    files = bank_files.file_rows(scope).filter(state="CHECKED").order_by().count()
    before = Month.of(asking.today).previous()
    is_open = not ledger.is_closed(unit=asking.unit.unit_id, month=str(before))
    return Home(
        kpis=(
            Kpi(_("待查款"), counted(items), _("笔"), yuan(fen) if items else "", "warn" if items else "ok",
                link(asking, "console:payments-suspense", state="OPEN")),
            Kpi(_("待复核班次"), counted(sessions), _("个"), "", "warn" if sessions else "ok",
                link(asking, "console:payments-sessions", state="COUNTED")),
            Kpi(_("待复核账务处理"), counted(proposed), _("笔"), "", "warn" if proposed else "ok",
                link(asking, "console:payments-decisions", state="PROPOSED")),
            Kpi(_("未处理对账差异"), counted(differences), _("笔"), "", "late" if differences else "ok",
                link(asking, "console:payments-differences", state="OPEN")),
        ),
        todos=todos(
            (files, _("银行文件已检查，待入账"), _("份"), "warn", link(asking, "console:payments-bank-files", state="CHECKED")),
            (int(is_open), _("%(month)s 还没有结账") % {"month": before}, _("个月"), "info",
             link(asking, "console:ledger-balance", month=before)),
        ),
        later=(MONEY,),
    )  # fmt: skip


def money(asking: Asking) -> Part:
    """The oldest money that nobody knows whose it is, the oldest days of channels without their detail, and what was
    billed last, month beside month."""
    scope, month = asking.scope, billing.last_month_billed(asking.scope) or Month.of(asking.today).previous()
    unknown = suspense.suspense_rows(scope).filter(state="OPEN").order_by("received_on", "id")[:FEW]
    days = reconciliation.waiting_days(scope, since=asking.today - LOOKED_BACK, before=asking.today)
    return "money", {
        "unknown": {
            "rows": list(unknown), "channels": payments_money.CHANNELS, "reasons": payments_bank.ROW_REASONS,
            "all": link(asking, "console:payments-suspense", state="OPEN"),
        },
        "days": {
            "rows": days[:FEW], "channels": payments_money.CHANNELS, "all": link(asking, "console:payments-reconciliation"),
        },
        "months": {
            "rows": billing.month_totals(scope, month), "month": month, "before": month.previous(),
            "states": bill_words.RUN_STATES, "tones": bill_words.RUN_TONES,
        },
    }  # fmt: skip
