"""Reader of the dated rule of the payment circle."""

from __future__ import annotations

from datetime import date

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.payment_circle import PaymentCircleRule

TERRITORY = "national"


def circle(on: date, *, library: RuleLibrary | None = None) -> PaymentCircleRule:
    """Minutes, speeds and the every-village rule in force on a day. Raises ``NoRuleInForce``."""
    return (library or current.library()).version(PaymentCircleRule, on=on, territory=TERRITORY).body
