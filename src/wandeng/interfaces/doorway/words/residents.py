"""Words of residents: how a binding was proved, what was done, what may be wrong with supply."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PROOFS = {
    "CONTACT": _("登录手机是该户联系电话"),
    "CODE": _("验证码发到该户登记电话"),
    "PAPERS": _("向工作人员出示证件"),
}
ACTIONS = {
    "resident.log_in": _("自助用户登录"),
    "resident.bind": _("绑定户号"),
    "resident.unbind": _("解绑户号"),
    "resident.end_sessions": _("结束自助用户登录"),
    "resident.forget": _("注销自助用户"),
    "resident.make_token": _("新建个人令牌"),
    "resident.end_token": _("作废个人令牌"),
}
DANGER = "DANGER"
FAULTS = {
    "ALL": _("家里全部没电，邻居有电"),
    "AROUND": _("家里和邻居都没电"),
    "PART": _("家里一部分没电"),
    "UNSTEADY": _("电压不稳、灯忽明忽暗"),
    DANGER: _("电线落地、冒火或有人触电"),
}
NO_FAULT = _("请选择是什么情况。")
