"""Words of the import desk: what is wrong with a cell, where an upload stands, what became of a batch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "organizations": _("组织机构"),
    "network": _("配电网"),
    "customers": _("客户档案"),
    "contacts": _("联系人"),
    "meters": _("电能表"),
    "price-assignments": _("执行电价"),
    "readings": _("抄表示数"),
    "curves": _("96点曲线"),
    "voltage-points": _("电压监测点"),
    "voltage-readings": _("电压读数"),
    "voltage-days": _("电压日统计"),
    "switch-operations": _("开关操作记录"),
    "interruptions": _("停电事件"),
    "supply-events": _("停上电事件"),
    "switch-ratings": _("开关载流能力"),
    "planned-outages": _("停电计划"),
    "offline-receipts": _("离线收据"),
    "purchases": _("购电结算"),
    "prepay-agreements": _("费控协议"),
    "service-routes": _("巡回线路"),
    "standards": _("标准体系"),
}

FAULTS = {
    "BEFORE_START": _("退运早于投运"),
    "LIMITS": _("上下限不对"),
    "LIMITS_NEEDED": _("须填写上下限"),
    "OUT_OF_SERVICE": _("监测点不在运"),
    "TOO_FEW": _("监测分钟数不足"),
    "TOO_WIDE": _("上下限过宽"),
    "BAD_CHARACTERS": _("含有控制字符"),
    "BEFORE_OFF": _("复电早于停电"),
    "BROKEN_QUOTES": _("引号不成对"),
    "CONFLICT": _("与已有数据不一致"),
    "CONTRADICTS": _("与本文件其他行矛盾"),
    "DAY_CLOSED": _("当日已日结"),
    "DISAGREES": _("与变比不一致"),
    "IN_FUTURE": _("时间在将来"),
    "IN_PAST": _("时间已过去"),
    "ITSELF": _("指向自己"),
    "ENROLLED": _("已签订费控协议"),
    "HANGS_ELSEWHERE": _("装在别处"),
    "MENDED": _("已修改，待重试"),
    "MONTH_CLOSED": _("月份已关账"),
    "NAMED_TWICE": _("重复填写"),
    "NOBODY_OFF": _("没有用户停电"),
    "NOT_A_CODE": _("不是编码"),
    "NOT_A_DATE": _("不是日期"),
    "NOT_A_MONTH": _("不是月份"),
    "NOT_A_NUMBER": _("不是数字"),
    "NOT_A_PHONE": _("号码打不通"),
    "NOT_A_TIME": _("不是时间"),
    "NOT_A_WORK": _("作业写法不对"),
    "NOT_BY_IMPORT": _("不能由导入改变"),
    "NOT_FORWARD": _("起止日期颠倒"),
    "NOT_INSTALLED": _("当日不在装"),
    "NOT_WHOLE": _("不是整数"),
    "NO_TERMS": _("费控规则没有这类用户的条款"),
    "OF_ANOTHER_ACCOUNT": _("属于其他户"),
    "OF_ANOTHER_METER": _("当日装有其他电能表"),
    "ONE_OF_TWO": _("二者须填其一"),
    "OUTSIDE_UNIT": _("不在本单位范围内"),
    "OUT_OF_RANGE": _("超出范围"),
    "OVERLAP": _("时间重叠"),
    "OVERLAPS": _("与已有期间重叠"),
    "RECORDED": _("已登记，数字不同"),
    "REFERS_TO_ITSELF": _("指向自身"),
    "REQUIRED": _("必填而为空"),
    "SAME_NODE": _("两端相同"),
    "TOO_LONG": _("过长"),
    "TOO_MANY_DECIMALS": _("小数位过多"),
    "TWICE_IN_FILE": _("文件中重复"),
    "UNKNOWN_REFERENCE": _("没有这个编码"),
    "UNKNOWN_TYPE": _("不认识的类型"),
    "UNKNOWN_VALUE": _("不在可选值内"),
    "VEHICLE_TAKEN": _("车辆此时段另有线路"),
    "WRONG_CELL_COUNT": _("列数不对"),
    "WRONG_TOTAL": _("合计不符"),
}

UPLOAD_STATES = {
    "WAITING": _("检查中"),
    "CHECKED": _("待导入"),
    "LANDING": _("导入中"),
    "LANDED": _("已导入"),
    "REFUSED": _("不能读取"),
    "DISCARDED": _("已放弃"),
}
UPLOAD_TONES = {
    "WAITING": "info",
    "CHECKED": "warn",
    "LANDING": "info",
    "LANDED": "ok",
    "REFUSED": "late",
    "DISCARDED": "neutral",
}

BATCH_STATES = {"RUNNING": _("导入中"), "DONE": _("已完成"), "REFUSED": _("不能读取")}
BATCH_TONES = {"RUNNING": "info", "DONE": "ok", "REFUSED": "late"}

NOTES = {"HELD": _("示数可疑，已转人工审核")}
