"""What passes between us and the payment providers: orders, every message word for word, money by the provider's number."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PaymentChannel(models.Model):
    """Payment channel 线上渠道: a merchant's place at a provider (WeChat Pay, Alipay, UnionPay, or the demo cashier). What
    is secret in it is sealed; ``code`` is the channel of its payments and part of its call-back address."""

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16, default="WECHAT", help_text="which adapter speaks to it")
    name = models.CharField(max_length=64)
    merchant = models.CharField(max_length=64, help_text="商户号")
    facts = models.TextField(default="{}", help_text="JSON of what is not secret: addresses, serials, public keys")
    secrets = models.TextField(blank=True, help_text="sealed JSON: private keys and symmetric keys")
    is_active = models.BooleanField(default=True)
    changed_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["WECHAT", "ALIPAY", "UNIONPAY", "DEMO"]), name="paymentchannel_kind_known"
            )
        ]


class PaymentOrder(models.Model):
    """Payment order 支付订单: an account is asked for an amount through a provider, until an hour.

    CREATED; PAID when the provider said so and it was posted; SETTLED when the provider's day names it too; SUSPENDED when
    another amount came; CLOSED when its hour passed. REFUNDING while any refund of it is under way, then PART_REFUNDED or
    REFUNDED by what went back. Money that comes late is taken all the same.
    """

    number = models.CharField(max_length=32, unique=True, help_text="订单号, what the provider knows it by")
    key = models.CharField(max_length=128, unique=True, help_text="chosen by who asked: once for ever")
    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT, related_name="orders", db_index=False)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="payment_orders", db_index=False
    )
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_fen = models.BigIntegerField()
    subject = models.CharField(max_length=127)
    pay_url = models.CharField(
        max_length=512, blank=True, help_text="what the QR code says; empty until the provider gave it"
    )
    state = models.CharField(max_length=16, default="CREATED")
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, help_text="when the provider was last asked")
    questions = models.SmallIntegerField(default=0)
    paid_at = models.DateTimeField(null=True, help_text="as the provider says")
    trade_number = models.CharField(
        max_length=64, blank=True, help_text="the provider's number of the money that paid it"
    )
    payment = models.ForeignKey(
        "payments.Payment", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="paymentorder_above_zero"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "CREATED", "PAID", "SETTLED", "SUSPENDED", "CLOSED", "REFUNDING", "PART_REFUNDED", "REFUNDED",
                    ]
                ),
                name="paymentorder_state_known",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["unit", "-id"], name="paymentorder_by_unit"),
            models.Index(fields=["account", "-id"], name="paymentorder_by_account"),
            models.Index(fields=["channel", "paid_at"], name="paymentorder_by_day"),
            models.Index(fields=["expires_at"], name="paymentorder_open", condition=Q(state="CREATED")),
            models.Index(F("payment"), name="paymentorder_by_payment", condition=Q(payment__isnull=False)),
        ]


class OnlineRefund(models.Model):
    """Online refund 线上退款 of a paid order or of a part of it; an order has as many as its money lasts. PROPOSED until a second person agrees where the limit asks for one;
    SENDING from the moment the books say so, so that money never leaves unbooked; DONE when the provider confirms."""

    number = models.CharField(max_length=32, unique=True, help_text="退款单号, what the provider knows it by")
    key = models.CharField(max_length=128, unique=True)
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=12, default="PROPOSED")
    decision_id = models.BigIntegerField(
        null=True, help_text="the decision about the payment: its reversal, whole or a part"
    )
    maker = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    checker = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(
        null=True, help_text="when it was first sent; from then on the provider is asked first"
    )
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="onlinerefund_above_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "SENDING", "DONE", "FAILED", "REJECTED"]),
                name="onlinerefund_state_known",
            ),
            models.CheckConstraint(condition=Q(checker="") | ~Q(checker=F("maker")), name="onlinerefund_two_persons"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="onlinerefund_waiting")]


class ProviderMessage(models.Model):
    """Provider message 渠道报文: what a provider sent, as it came (sealed: it names the payer). Rows only grow."""

    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, help_text="CALLBACK, ANSWER")
    order_number = models.CharField(max_length=64, blank=True, help_text="as the message says, readable or not")
    is_genuine = models.BooleanField(help_text="whether its signature is the provider's")
    fault = models.CharField(max_length=32, blank=True, help_text="why it is not believed")
    headers = models.TextField(help_text="JSON of the headers that the signature is made of")
    body_sealed = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body")
    size = models.IntegerField()
    came_from = models.CharField(max_length=64, blank=True, help_text="network address")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["CALLBACK", "ANSWER"]), name="providermessage_kind_known")
        ]
        indexes = [
            models.Index(fields=["order_number", "id"], name="providermessage_by_order"),
            models.Index(fields=["channel", "received_at"], name="providermessage_by_time"),
        ]


class MessageOutcome(models.Model):
    """Message outcome 报文处理结果: what was done on a message, once. Written in the transaction that did it."""

    message = models.OneToOneField(ProviderMessage, on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=24)
    at = models.DateTimeField()


class ChannelReceipt(models.Model):
    """Channel receipt 渠道到账: money that a provider took for us, once by the provider's own number. It became a PAYMENT
    or went to SUSPENSE; a second message about it can book nothing more."""

    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT, related_name="+", db_index=False)
    trade_number = models.CharField(max_length=64)
    order = models.ForeignKey(PaymentOrder, null=True, on_delete=models.PROTECT, related_name="receipts")
    order_number = models.CharField(max_length=64, help_text="as the provider says")
    amount_fen = models.BigIntegerField()
    paid_at = models.DateTimeField()
    booked_as = models.CharField(max_length=12, default="PAYMENT")
    key = models.CharField(max_length=128, unique=True, help_text="key of the payment, or of the suspense item")
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "trade_number"], name="channelreceipt_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="channelreceipt_above_zero"),
            models.CheckConstraint(condition=Q(booked_as__in=["PAYMENT", "SUSPENSE"]), name="channelreceipt_booked"),
        ]
        indexes = [models.Index(fields=["channel", "paid_at"], name="channelreceipt_by_day")]


class PaymentAlarm(models.Model):
    """Payment alarm 支付告警: something about money online that a person has to look at, until one has."""

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=160, unique=True)
    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(PaymentOrder, null=True, on_delete=models.PROTECT, related_name="alarms")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=64, blank=True)
    trade_number = models.CharField(max_length=64, blank=True)
    amount_fen = models.BigIntegerField(default=0, help_text="what came, or is at stake")
    state = models.CharField(max_length=12, default="OPEN")
    raised_at = models.DateTimeField()
    handled_by = models.CharField(max_length=64, blank=True)
    handled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["OPEN", "HANDLED"]), name="paymentalarm_state_known")
        ]
        indexes = [models.Index(fields=["unit", "state", "-id"], name="paymentalarm_work_list")]
