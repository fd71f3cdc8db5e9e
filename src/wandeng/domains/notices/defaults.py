"""The texts that come with the product (产品默认模板): one template an occasion, to be replaced by the utility's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wandeng.domains.notices.types import Channel, ChannelText, Purpose

_CALM = "您有一条用电通知，请通过{hotline}或营业厅查询。【{utility}】"
_PHONED = "您好，这里是{utility}。您有一条用电通知，请拨打{hotline}查询。"


@dataclass(frozen=True, slots=True)
class DefaultTemplate:
    """A template with the text of its first version."""

    code: str
    name: str
    purpose: Purpose
    audience: str
    channels: tuple[Channel, ...]
    texts: Mapping[Channel, ChannelText]


def _outage(code: str, name: str, text: str) -> DefaultTemplate:
    """A notice of an outage: time and place are nobody's secret, so a number nobody verified hears them as well."""
    whose = "户号{account_number}（本号码共{households}）："
    texts = {
        Channel.SMS: ChannelText(whose + text + "【{utility}】", text + "【{utility}】"),
        Channel.VOICE: ChannelText(
            "您好，这里是{utility}。" + text + "如有疑问请拨打{hotline}。",
            "您好，这里是{utility}。" + text + "如有疑问请拨打{hotline}。",
        ),
    }
    return DefaultTemplate(code, name, Purpose.OUTAGE, "CUSTOMER", tuple(texts), texts)


def _template(
    code: str, name: str, purpose: Purpose, text: str, *also: Channel, letter: str = "", staff: bool = False
) -> DefaultTemplate:
    """A template that begins with a short message; ``also`` are the channels it falls back to."""
    texts = {Channel.SMS: ChannelText(text + "【{utility}】", _CALM)}
    for channel in also:
        if channel is Channel.VOICE:
            texts[channel] = ChannelText("您好，这里是{utility}。" + text + "如有疑问请拨打{hotline}。", _PHONED)
        elif channel is Channel.LETTER:
            texts[channel] = ChannelText(letter, "您有一条用电通知，请到营业厅或拨打{hotline}查询。", name)
        else:
            texts[channel] = ChannelText(text, _CALM, name)
    return DefaultTemplate(code, name, purpose, "STAFF" if staff else "CUSTOMER", tuple(texts), texts)


_VOICE, _LETTER, _WECHAT = Channel.VOICE, Channel.LETTER, Channel.WECHAT

DEFAULTS: tuple[DefaultTemplate, ...] = (
    _template(
        "payment_received", "收费通知", Purpose.PAYMENT,
        "户号{account_number}于{at}交费{amount}元（{channel}）已入账，尚欠{owed}元，预收余额{credit}元。", _WECHAT,
    ),
    _template(
        "bill_published", "电费通知", Purpose.BILL,
        "{name}您好，户号{account_number}{month}用电{energy}千瓦时，电费{amount}元，请于{due_on}前交纳。", _WECHAT,
    ),
    _template(
        "arrears_reminder_1", "催费通知（第一次）", Purpose.ARREARS,
        "{name}您好，户号{account_number}欠电费{owed}元，应于{due_on}前交纳，请尽快交费，以免产生违约金。", _VOICE,
    ),
    _template(
        "arrears_reminder_2", "催费通知（第二次）", Purpose.ARREARS,
        "{name}您好，户号{account_number}欠电费{owed}元，已逾期{days}天，违约金{late_fee}元。请立即交费，"
        "逾期30天仍未交清的，将依法办理停电手续。",
        _VOICE, _LETTER,
        letter="{name}：\n\n您户（户号{account_number}，{address}）截至今日欠电费{owed}元，已逾期{days}天，"
        "产生违约金{late_fee}元。\n\n请立即交清。逾期超过30天经催交仍未交付的，供电企业可依照《电力供应与使用条例》"
        "第三十九条中止供电。如已交费，请忽略本通知；如有困难，请与我们联系，可商定分期交费。\n\n{utility}　{hotline}",
    ),
    DefaultTemplate(
        "arrears_call", "语音催费", Purpose.ARREARS, "CUSTOMER", (Channel.VOICE, Channel.SMS),
        {
            Channel.VOICE: ChannelText(
                "您好，这里是{utility}。户号{account_number}欠电费{owed}元，已逾期{days}天，请尽快交费。"
                "如有困难，请拨打{hotline}与我们商定。",
                _PHONED,
            ),
            Channel.SMS: ChannelText(
                "{name}您好，户号{account_number}欠电费{owed}元，已逾期{days}天，请尽快交费。如有困难，请拨打{hotline}"
                "与我们商定。【{utility}】",
                _CALM,
            ),
        },
    ),
    _template(
        "disconnection_notice", "欠费停电通知", Purpose.DISCONNECTION,
        "{name}您好，户号{account_number}欠电费{owed}元逾期未交，定于{cut_on}停止供电。停电前交清即不停电；"
        "如有医疗设备等特殊用电请立即告知。",
        _VOICE, _LETTER,
        letter="停电通知书\n\n{name}：\n\n您户（户号{account_number}，{address}）欠电费{owed}元，已逾期{days}天，"
        "经催交仍未交付。依照《供电营业规则》，定于{cut_on}对该用电地址停止供电。\n\n停电前交清电费及违约金即不停电。"
        "居家维持生命的医疗设备、重要负荷或其他特殊情形，请立即告知我们。对欠费有异议的，可拨打{hotline}或12398。\n\n{utility}",
    ),
    _template(
        "disconnection_second_notice", "停电前再次通知", Purpose.DISCONNECTION,
        "户号{account_number}因欠电费{owed}元将于{cut_at}停电，请做好准备；此前交清即不停电。", _VOICE,
    ),
    _template(
        "reconnection_order", "复电工单通知", Purpose.WORK,
        "复电工单{order_number}：户号{account_number}，{address}，已于{at}交清，须在{deadline}前恢复供电。", staff=True,
    ),
    _template(
        "reconciliation_due", "渠道对账提醒", Purpose.WORK,
        "有{days}个渠道日尚未对账，最早为{oldest}，请导入渠道明细并处理差异。", staff=True,
    ),
    _template(
        "case_task", "工单待办提醒", Purpose.WORK,
        "{process}工单{case_number}（{unit}）待您办理：{step}，时限{deadline}。内容：{matter}", staff=True,
    ),
    _template(
        "case_warning", "工单时限预警", Purpose.WORK,
        "预警：{process}工单{case_number}（{unit}）的{step}环节时限将至，应于{deadline}前完成。", staff=True,
    ),
    _template(
        "case_breach", "工单超时升级", Purpose.WORK,
        "超时：{process}工单{case_number}（{unit}）的{step}环节已超过时限，请立即督办。", staff=True,
    ),
    _template(
        "case_pressed", "客户催办", Purpose.WORK,
        "客户催办：{process}工单{case_number}（{unit}）现处于{step}环节，时限{deadline}，请尽快办理并回复客户。", staff=True,
    ),
    _template(
        "case_contacted", "客户再次来访", Purpose.WORK,
        "客户又来问{process}工单{case_number}（{unit}），现处于{step}环节，时限{deadline}。您是首问负责人，请答复客户并登记。", staff=True,
    ),
    _template(
        "case_owned", "首问移交", Purpose.WORK,
        "{process}工单{case_number}（{unit}）的首问责任已移交给您，现处于{step}环节，时限{deadline}。内容：{matter}", staff=True,
    ),
    _template(
        "case_supervised", "工单督办", Purpose.WORK,
        "督办：{process}工单{case_number}（{unit}）现处于{step}环节，时限{deadline}，请立即办理。", staff=True,
    ),
    _template(
        "case_reopened", "工单重启", Purpose.WORK,
        "客户不满意，{process}工单{case_number}（{unit}）已重启，现处于{step}环节，时限{deadline}。您是首问负责人。", staff=True,
    ),
    _template(
        "power_restored", "复电通知", Purpose.SUPPLY,
        "户号{account_number}已于{at}恢复供电。如家中仍无电，请检查开关后拨打{hotline}。", _VOICE,
    ),
    _outage(
        "outage_announcement", "停电通知",
        "因{reason}，{area}将于{from_at}停电，预计{to_at}恢复供电，请提前做好准备。",
    ),
    _outage(
        "outage_correction", "停电变更通知",
        "停电时间有变：因{reason}，{area}改于{from_at}停电，预计{to_at}恢复供电，请以本次通知为准。",
    ),
    _outage(
        "outage_new_end", "送电时间变更通知",
        "送电时间有变：因{reason}，{area}的停电预计{to_at}结束并恢复供电，请以本次通知为准。",
    ),
    _outage("outage_cancellation", "停电取消通知", "原定{from_at}的停电（{area}）已取消，照常供电，给您带来不便敬请谅解。"),
    _outage("outage_restoration", "复电告知", "{area}停电工作已结束，恢复供电。如家中仍无电，请检查开关后拨打{hotline}。"),
    _outage(
        "rationing_announcement", "有序用电通知",
        "因电力供应缺口，{area}将于{from_at}至{to_at}{measure}，请提前做好准备。",
    ),
    _outage(
        "rationing_correction", "有序用电变更通知",
        "有序用电时间有变：{area}改于{from_at}至{to_at}{measure}，请以本次通知为准。",
    ),
    _outage("rationing_cancellation", "有序用电取消通知", "原定{from_at}至{to_at}的有序用电已取消，照常用电，给您带来不便敬请谅解。"),
    _outage("rationing_restoration", "有序用电结束通知", "{from_at}开始的有序用电已结束，可照常用电。如家中仍无电，请拨打{hotline}。"),
    _template(
        "fault_expected", "抢修预计恢复时间", Purpose.OUTAGE,
        "您报修的故障（工单{case_number}）正在抢修，预计{at}恢复供电，如有变化再告知您。请勿靠近断落电线，有危险请拨打{hotline}。", _VOICE,
    ),
    _template(
        "fault_restored", "抢修恢复送电", Purpose.OUTAGE,
        "您报修的故障（工单{case_number}）已于{at}恢复供电。如家中仍无电，请检查开关后拨打{hotline}。", _VOICE,
    ),
    _template(
        "appointment_booked", "预约确认", Purpose.APPOINTMENT,
        "您已预约{at}办理{service}，地点：{place}，预约号{appointment}。如需改期或取消，请拨打{hotline}。", _VOICE,
    ),
    _template(
        "appointment_reminder", "预约提醒", Purpose.APPOINTMENT,
        "提醒：您预约了{at}办理{service}，地点：{place}，预约号{appointment}。如不能赴约，请提前拨打{hotline}改期。", _VOICE,
    ),
    _template(
        "appointment_cancelled", "预约取消", Purpose.APPOINTMENT,
        "您{at}办理{service}的预约（{appointment}，{place}）已取消：{reason}。给您带来不便深表歉意，可拨打{hotline}另约时间。", _VOICE,
    ),
    _template(
        "appointment_moved", "预约改时", Purpose.APPOINTMENT,
        "您办理{service}的预约（{appointment}，{place}）因故改为{at}：{reason}。给您带来不便深表歉意，如不便赴约可拨打{hotline}改约。", _VOICE,
    ),
    _template(
        "appointment_missed_by_us", "失约致歉", Purpose.APPOINTMENT,
        "很抱歉，我们未能履约您{at}办理{service}的预约（{appointment}，{place}）：{reason}。请拨打{hotline}优先另约时间。", _VOICE,
    ),
    _template(
        "prepay_low_balance", "余额不足提醒", Purpose.PREPAY,
        "{name}您好，户号{account_number}可用余额{balance}元，预计还可用{days}天，请及时充值。", _VOICE, _WECHAT,
    ),
    _template(
        "prepay_overdrawn", "费控停电预告", Purpose.DISCONNECTION,
        "{name}您好，户号{account_number}余额{balance}元，已低于停电限额。收到本通知{hours}小时后仍未充值的，将停止供电；"
        "此前充值即不停电。居家维持生命的医疗设备等特殊用电请立即告知。", _VOICE, _LETTER,
        letter="费控停电预告\n\n{name}：\n\n您户（户号{account_number}，{address}）按费控协议测算的余额为{balance}元，已低于停电"
        "限额。收到本通知{hours}小时后仍未充值的，将按协议停止供电；此前充值即不停电，停电后充值即恢复供电。\n\n居家维持生命的"
        "医疗设备、重要负荷或其他特殊情形，请立即告知我们。对余额有异议的，可拨打{hotline}或12398。\n\n{utility}",
    ),
)  # fmt: skip

_BY_CODE = {one.code: one for one in DEFAULTS}


def default(code: str) -> DefaultTemplate | None:
    """The product's own template with this code."""
    return _BY_CODE.get(code)
