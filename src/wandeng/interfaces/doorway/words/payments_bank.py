"""Words of bank files, suspense and reconciliation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DIRECTIONS = {"IN": _("银行来文"), "OUT": _("我方发出")}
FILE_KINDS = {
    "01": _("批量代扣请求"),
    "02": _("已扣款明细"),
    "03": _("对账明细"),
    "04": _("代扣协议核对"),
    "05": _("客户查询"),
    "06": _("欠费信息"),
    "07": _("托收请求"),
    "08": _("托收结果"),
    "09": _("扣款失败明细"),
    "10": _("批扣结果"),
    "11": _("批量托收结果"),
    "21": _("柜台与ATM代收明细"),
}
BANKS = {
    "102": _("工商银行"),
    "103": _("农业银行"),
    "104": _("中国银行"),
    "105": _("建设银行"),
    "402": _("农村信用社"),
    "403": _("邮政储蓄银行"),
    "WECHAT": _("微信支付"),
    "ALIPAY": _("支付宝"),
    "UNIONPAY": _("银联"),
    "BANK_DEBIT": _("银行代扣"),
    "BANK_COLLECTION": _("银行托收"),
    "BANK_COUNTER": _("银行柜台"),
    "DEMO": _("演示收银台"),
    "DEMOPAY": _("演示收银台"),
    "CARD": _("刷卡收单机构"),
    "QR": _("扫码收单机构"),
}
CHANNELS = {
    "BANK_102": _("工商银行"),
    "BANK_103": _("农业银行"),
    "BANK_104": _("中国银行"),
    "BANK_105": _("建设银行"),
    "BANK_402": _("农村信用社"),
    "BANK_403": _("邮政储蓄银行"),
    "WECHAT": _("微信支付"),
    "ALIPAY": _("支付宝"),
    "UNIONPAY": _("银联"),
    "DEMO": _("演示收银台"),
    "DEMOPAY": _("演示收银台"),
    "CARD": _("刷卡收单机构"),
    "QR": _("扫码收单机构"),
}
PAY_MODES = {
    "010": _("现金"),
    "020": _("支票"),
    "030": _("汇票"),
    "040": _("POS刷卡"),
    "050": _("第三方支付"),
    "060": _("单笔代扣"),
    "070": _("批量代扣"),
    "110": _("银行柜台"),
    "120": _("银行支票"),
    "130": _("托收"),
    "140": _("代扣"),
    "150": _("银行第三方"),
}
FILE_STATES = {
    "MADE": _("待银行回盘"),
    "ANSWERED": _("已完结"),
    "WAITING": _("检查中"),
    "CHECKED": _("待入账"),
    "POSTING": _("入账中"),
    "POSTED": _("已入账"),
    "REFUSED": _("整份拒收"),
    "DISCARDED": _("已放弃"),
}
FILE_TONES = {
    "MADE": "info",
    "ANSWERED": "ok",
    "WAITING": "info",
    "CHECKED": "warn",
    "POSTING": "info",
    "POSTED": "ok",
    "REFUSED": "late",
    "DISCARDED": "neutral",
}
VERDICTS = {
    "ASKED": _("已请求"),
    "PAID": _("已扣款"),
    "READY": _("可入账"),
    "TO_SUSPENSE": _("将转待查"),
    "POSTED": _("已销账"),
    "SUSPENSE": _("已转待查"),
    "REJECTED": _("剔除"),
    "REPEAT": _("已入过账"),
    "FAILED": _("银行未扣成"),
    "TOLD": _("仅供核对"),
}
VERDICT_TONES = {
    "ASKED": "info",
    "PAID": "ok",
    "READY": "ok",
    "TO_SUSPENSE": "warn",
    "POSTED": "ok",
    "SUSPENSE": "warn",
    "REJECTED": "late",
    "REPEAT": "neutral",
    "FAILED": "warn",
    "TOLD": "neutral",
}
ROW_REASONS = {
    "AFTER_REFUND": _("退款后又到账"),
    "AGREES": _("一致"),
    "BAD_CHARACTERS": _("含有控制字符或乱码"),
    "BROKEN_QUOTES": _("引号不成对"),
    "CLOSED_ACCOUNT": _("户号已销户"),
    "FOUND_BY_CHANNEL": _("对账长款"),
    "FUTURE_DATE": _("日期在将来"),
    "KNOWN": _("户号相符"),
    "KEY_USED": _("流水号已用于别的收费"),
    "NOT_AN_AMOUNT": _("金额不是数字"),
    "NOT_ASKED": _("不在我方请求内"),
    "NOT_A_DATE": _("不是日期"),
    "NOT_PLAIN": _("金额为全角数字"),
    "NOT_POSITIVE": _("金额不大于零"),
    "NO_ACCOUNT": _("户号不在本单位账内"),
    "NO_AGREEMENT": _("我方没有该协议"),
    "OTHER_ACCOUNT": _("户号与请求或协议不符"),
    "OTHER_AMOUNT": _("金额与请求不符"),
    "OTHER_BUSINESS": _("既不是收款也不是退款"),
    "OTHER_NAME": _("户名不符"),
    "OTHER_DAY": _("不是当日交易"),
    "OTHER_TAIL": _("银行账号与协议不符"),
    "OUTSIDE_UNIT": _("户号属于其他单位"),
    "PAID_TWICE": _("该请求已扣过款"),
    "POSTED_BEFORE": _("同一流水已入账"),
    "REQUIRED": _("缺流水号"),
    "SECOND_PAYMENT": _("同一订单付了两次"),
    "TOO_LARGE": _("金额过大"),
    "TOO_LONG": _("内容过长"),
    "TWICE_IN_FILE": _("流水号在文件内重复"),
    "UNKNOWN_ACCOUNT": _("没有这个户号"),
    "UNKNOWN_ORDER": _("到账而订单不存在"),
    "UNKNOWN_RECORD": _("记录标识不对"),
    "WRONG_AMOUNT": _("到账金额与订单不符"),
    "WRONG_CELL_COUNT": _("列数不对"),
    "WRONG_LENGTH": _("记录长度不对"),
}
AGREEMENT_KINDS = {"DEBIT": _("代扣"), "COLLECTION": _("托收")}
BANK_AGREEMENT_STATES = {"ACTIVE": _("有效"), "ENDED": _("已终止")}
BANK_AGREEMENT_TONES = {"ACTIVE": "ok", "ENDED": "neutral"}
SUSPENSE_STATES = {
    "OPEN": _("待查"),
    "MATCHED": _("已认领"),
    "RETURNING": _("退回待复核"),
    "RETURNED": _("已退回"),
}
SUSPENSE_TONES = {"OPEN": "warn", "MATCHED": "ok", "RETURNING": "warn", "RETURNED": "neutral"}
SUGGESTED_BY = {
    "NUMBER": _("户号相近"),
    "NAME": _("户名相同"),
    "TAIL": _("银行账号尾号相同"),
    "AMOUNT": _("欠费金额相同"),
}
DAY_STATES = {"OPEN": _("有差异"), "CLOSED": _("已平")}
DAY_TONES = {"OPEN": "warn", "CLOSED": "ok"}
DIFFERENCES = {"LONG": _("长款"), "SHORT": _("短款")}
DIFFERENCE_TONES = {"LONG": "info", "SHORT": "late"}
DIFFERENCE_STATES = {
    "OPEN": _("待处理"),
    "TO_SUSPENSE": _("转待查款"),
    "BOOKED": _("记长短款"),
    "REVERSED": _("已冲正"),
    "ARRIVED": _("次日到账"),
}
DIFFERENCE_STATE_TONES = {
    "OPEN": "warn",
    "TO_SUSPENSE": "ok",
    "BOOKED": "ok",
    "REVERSED": "ok",
    "ARRIVED": "ok",
}
