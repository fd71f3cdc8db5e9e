"""Words of disconnection: states of orders, levels, causes, steps of the evidence, guards, supply, verdicts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ORDER_STATES = {
    "PROPOSED": _("待审批"),
    "SECOND_WANTED": _("待二次审批"),
    "APPROVED": _("已批准"),
    "DISPATCHED": _("已发出"),
    "RECALLED": _("已追回"),
    "CUT": _("已停电"),
    "RESTORED": _("已复电"),
    "SPARED": _("未停成"),
    "FAILED": _("未能停电"),
    "REFUSED": _("已驳回"),
    "WITHDRAWN": _("已撤销"),
}
ORDER_TONES = {
    "PROPOSED": "warn", "SECOND_WANTED": "warn", "APPROVED": "info", "DISPATCHED": "info", "RECALLED": "late",
    "CUT": "late", "RESTORED": "ok", "SPARED": "ok", "FAILED": "neutral", "REFUSED": "neutral", "WITHDRAWN": "neutral",
}  # fmt: skip
MOVES = {
    "propose": _("提出停电"),
    "approve": _("批准"),
    "approve_first": _("第一次批准"),
    "approve_second": _("第二次批准"),
    "refuse": _("驳回"),
    "withdraw": _("撤销"),
    "dispatch": _("发出"),
    "recall": _("追回"),
    "fail": _("未能停电"),
    "cut": _("已停电"),
    "spare": _("确认未停"),
    "restore": _("已复电"),
}
LEVELS = {"ordinary": _("供电所审批"), "high_voltage": _("公司审批（高压）"), "important": _("公司审批（重要用户）")}
RETURN_STATES = {"ORDERED": _("待复电"), "RESTORED": _("已复电")}
RETURN_TONES = {"ORDERED": "warn", "RESTORED": "ok"}
CAUSES = {"PAYMENT": _("已交清"), "PERSON": _("人工决定"), "WRONG_CUT": _("不应停而停")}
HALT_STATES = {"PULLED": _("已拉闸"), "LIFTED": _("已解除")}
HALT_TONES = {"PULLED": "late", "LIFTED": "neutral"}
SUPPLY = {"ON": _("有电"), "OFF": _("停电"), "": ""}
VERDICTS = {
    "TAKEN": _("已采信"),
    "MESSAGE_FORGED": _("签名不符"),
    "MESSAGE_REPLAYED": _("重复"),
    "MESSAGE_GAPPED": _("缺号"),
    "MESSAGE_EXPIRED": _("过期"),
    "MESSAGE_UNREADABLE": _("无法识别"),
    "MESSAGE_REFUSED": _("拒收"),
}
VERDICT_TONES = {"TAKEN": "ok"} | dict.fromkeys([code for code in VERDICTS if code != "TAKEN"], "late")
INSTRUCTIONS = {"DISCONNECT": _("停电指令"), "RECONNECT": _("复电指令")}
PAID = _("电费已交清")
"""Shown for the reason PAID of a withdrawal or a recall."""
LATE = {"True": _("超时"), "False": ""}
LATE_TONES = {"True": "late"}
CUT_STEPS = (
    _("核对户号、户名、地址与电能表，不符即停止作业并报告。"),
    _("再次询问户内有无维持生命的医疗设备、有无人员被困电梯或正在进行危险作业；有则不得停电，立即报告。"),
    _("出示本单，告知欠费金额与复电办法；客户当场交清的，不停电。"),
    _("超过本单有效期、或平台显示“已追回”的，不得停电。"),
    _("停电后加封，十五分钟内在现场任务页回填停电时间。"),
)
"""What the paper says too (``flows/order_documents``), in the reader's language."""
BACK_STEPS = (
    _("核对户号、户名、地址与电能表。"),
    _("确认户内无人作业、客户侧开关在断开位置后送电。"),
    _("送电后验电，向客户交代，十五分钟内在现场任务页回填复电时间。"),
)

PREPAY_PROOFS = {"AGREEMENT": _("费控协议"), "WARNING": _("余额预警"), "OVERDRAFT": _("费控停电预告")}
"""What an order by balance rests on, in its chain of evidence."""
