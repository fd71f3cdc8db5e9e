"""Payment providers: an adapter a protocol, their call-backs, and the demo cashier that plays a provider."""

from __future__ import annotations

from collections.abc import Mapping

from wandeng.flows.online_payments.providers import Adapter
from wandeng.interfaces.channels.payments.alipay import Alipay
from wandeng.interfaces.channels.payments.demo import DemoPay
from wandeng.interfaces.channels.payments.unionpay import UnionPay
from wandeng.interfaces.channels.payments.wechat import WechatPay

ADAPTERS: Mapping[str, Adapter] = {"WECHAT": WechatPay, "ALIPAY": Alipay, "UNIONPAY": UnionPay, "DEMO": DemoPay}
"""Kind of a channel → what speaks to it; the settings name this table."""
