"""Words of administration: roles, kinds of units, what became of a login, states of work, what an operation did."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = {
    "CALL_CLERK": _("95598 坐席"),
    "HALL_CLERK": _("营业厅营业员"),
    "DISPATCHER": _("抢修调度员"),
    "CELL_MANAGER": _("网格（台区）经理"),
    "ACCOUNT_MANAGER": _("大客户经理"),
    "METER_READER": _("抄表员"),
    "BILLING_CLERK": _("电费核算员"),
    "BILLING_REVIEWER": _("电费复核员"),
    "ACCOUNTANT": _("电费账务员"),
    "AUDITOR": _("营销稽查员"),
    "COUNTY_MANAGER": _("县公司经理"),
    "PROVINCIAL_MANAGER": _("省公司经理"),
    "ADMINISTRATOR": _("系统管理员"),
    "SECURITY_ADMINISTRATOR": _("安全管理员"),
    "AUDIT_ADMINISTRATOR": _("审计管理员"),
}

UNIT_KINDS = {
    "PROVINCE": _("省公司"),
    "CITY": _("市公司"),
    "COUNTY": _("县公司"),
    "CENTRE": _("中心"),
    "OFFICE": _("供电所"),
}

LOGIN_OUTCOMES = {
    "IN": _("登录"),
    "OUT": _("退出"),
    "WRONG": _("密码错误"),
    "LOCKED": _("已锁定"),
    "NO_POST": _("无岗位"),
    "UNLOCKED": _("管理员解锁"),
}
LOGIN_TONES = {"IN": "ok", "OUT": "neutral", "WRONG": "warn", "LOCKED": "late", "NO_POST": "warn", "UNLOCKED": "info"}

JOB_STATES = {
    "QUEUED": _("排队"),
    "RUNNING": _("执行中"),
    "DONE": _("完成"),
    "PARKED": _("搁置"),
    "CANCELLED": _("已取消"),
}
JOB_TONES = {"QUEUED": "info", "RUNNING": "info", "DONE": "ok", "PARKED": "late", "CANCELLED": "neutral"}

DELIVERY_STATES = {"PENDING": _("待送达"), "DONE": _("已送达"), "PARKED": _("搁置")}
DELIVERY_TONES = {"PENDING": "info", "DONE": "ok", "PARKED": "late"}

JOB_KINDS = {"bill_run.check": _("电费核算"), "dunning.run": _("夜间催费"), "webhook.deliver": _("推送事件")}

PARAMETER_STATES = {"DRAFT": _("待审批"), "APPROVED": _("已审批"), "WITHDRAWN": _("已撤回")}
PARAMETER_TONES = {"DRAFT": "warn", "APPROVED": "ok", "WITHDRAWN": "neutral"}

ANNOUNCEMENT_STATES = {"DRAFT": _("草稿"), "PUBLISHED": _("已发布"), "RECALLED": _("已撤回")}
ANNOUNCEMENT_TONES = {"DRAFT": "warn", "PUBLISHED": "ok", "RECALLED": "neutral"}

COLOURS = {
    "brand": _("主色：顶栏、主按钮"),
    "on-brand": _("主色上的文字"),
    "brand-ink": _("链接与强调文字（浅色主题）"),
    "brand-ink-dark": _("链接与强调文字（深色主题）"),
    "brand-soft": _("选中底色"),
}

RULE_STATUSES = {
    "C": _("已公开核实"),
    "Cp": _("部分核实"),
    "H": _("待核实（把握大）"),
    "M": _("待核实（把握中）"),
    "L": _("待核实（把握小）"),
    "demonstration": _("演示数据"),
    "self-made": _("自定约定"),
}
RULE_TONES = {
    "C": "ok", "Cp": "ok", "H": "info", "M": "warn", "L": "warn", "demonstration": "neutral", "self-made": "info",
}  # fmt: skip

ACTIONS = {
    "account.close": _("销户"),
    "account.open": _("立户"),
    "agreement.draft": _("起草合同"),
    "agreement.expire": _("合同到期"),
    "agreement.sign": _("签订合同"),
    "agreement.terminate": _("终止合同"),
    "agreement.withdraw": _("撤回合同"),
    "announcement.draft": _("起草公告"),
    "announcement.publish": _("发布公告"),
    "announcement.recall": _("撤回公告"),
    "bill.adjust": _("差错退补"),
    "bill.cancel": _("冲销账单"),
    "bill.rebill": _("重新计费"),
    "bill_exception.accept": _("确认核算异常"),
    "bill_exception.mend": _("处理核算异常"),
    "bill_run.approve": _("复核电费批次"),
    "bill_run.discard": _("作废电费批次"),
    "bill_run.open": _("新建电费批次"),
    "bill_run.override": _("放行拦停批次"),
    "bill_run.preview": _("试算电费批次"),
    "bill_run.verify": _("重算核验批次"),
    "brand.set": _("设置品牌"),
    "capacity.resume": _("恢复容量"),
    "capacity.suspend": _("暂停容量"),
    "contact.add": _("新增联系方式"),
    "contact.reveal": _("查看完整号码"),
    "contact.verify": _("核实联系方式"),
    "delivery.retry": _("重送事件"),
    "dictionary.set": _("维护字典"),
    "disconnection.announce": _("停电前再次通知"),
    "disconnection.approve": _("审批停电单"),
    "disconnection.confirm": _("确认停电"),
    "disconnection.dispatch": _("发出停电单"),
    "disconnection.dispatch_refused": _("停电单拒发"),
    "disconnection.fail": _("停电未成"),
    "disconnection.propose": _("提出停电"),
    "disconnection.recall": _("追回停电单"),
    "disconnection.refuse": _("驳回停电单"),
    "disconnection.withdraw": _("撤销停电单"),
    "disconnection_halt.lift": _("解除停电闸"),
    "disconnection_halt.pull": _("拉下停电闸"),
    "disconnection_quota.set": _("设定停电限额"),
    "dunning.assign": _("改派催费责任人"),
    "dunning.promise": _("登记缴费承诺"),
    "dunning.result": _("登记催费结果"),
    "dunning.run": _("执行夜间催费"),
    "dunning.withdraw_promise": _("撤回缴费承诺"),
    "import.discard": _("丢弃上传文件"),
    "import.export_parked": _("导出问题行"),
    "instruction_receipt.refuse": _("拒收指令回执"),
    "job.cancel": _("取消任务"),
    "job.retry": _("重试任务"),
    "ledger.close": _("关账"),
    "meter.exchange": _("换表"),
    "meter.install": _("装表"),
    "meter.remove": _("拆表"),
    "meter.stock": _("电能表入库"),
    "meter.test": _("电能表检定"),
    "parameter.approve": _("审批参数"),
    "parameter.draft": _("拟定参数"),
    "parameter.withdraw": _("撤回参数"),
    "person.add": _("新增人员"),
    "person.deactivate": _("停用账号"),
    "person.demo": _("设为演示账号"),
    "person.move": _("调动人员"),
    "person.password": _("设置密码"),
    "person.reactivate": _("启用账号"),
    "person.unlock": _("解除锁定"),
    "pii.view": _("查看导入行中的个人信息"),
    "post.appoint": _("任命"),
    "post.dismiss": _("免职"),
    "protection.approve": _("批准不停电保护"),
    "protection.end": _("终止不停电保护"),
    "protection.propose": _("申请不停电保护"),
    "protection.refuse": _("驳回不停电保护"),
    "purchase.correct": _("更正购电结算"),
    "purchase.record": _("登记购电结算"),
    "reading.correct": _("更正示数"),
    "reconnection.confirm": _("确认复电"),
    "reconnection.order": _("下达复电单"),
    "reread.order": _("派复抄"),
    "route.open": _("新建抄表段"),
    "session.end": _("强制下线"),
    "switch.operate": _("操作开关"),
    "terms.assign": _("约定执行电价"),
    "terms.change": _("变更执行电价"),
    "till.add": _("建立收费台"),
    "till.confirm": _("复核长短款"),
    "till.count": _("日结清点"),
    "till.open": _("收费开班"),
    "till.recount": _("退回重点"),
    "till.use": _("启停收费台"),
    "till.void": _("作废收据"),
    "token.issue": _("生成令牌"),
    "token.revoke": _("作废令牌"),
    "unit.create": _("新建单位"),
    "unit.rename": _("单位更名"),
    "webhook.change": _("修改推送地址"),
    "webhook.give_up": _("停用失败的推送地址"),
    "webhook.register": _("登记推送地址"),
    "webhook.replay": _("重发推送"),
    "webhook.replay_range": _("按时间重发推送"),
    "webhook.rotate": _("更换推送密钥"),
    "webhook.switch": _("启停推送地址"),
    "bank_agreement.sign": _("登记代扣协议"),
    "bank_agreement.end": _("终止代扣协议"),
    "bank_file.export": _("生成银行文件"),
    "bank_file.fetch": _("取走银行文件"),
    "bank_file.post": _("银行文件入账"),
    "bank_file.discard": _("放弃银行文件"),
    "suspense.match": _("认领待查款"),
    "suspense.give_back": _("退回待查款"),
    "suspense.leave": _("待查款继续挂账"),
    "reconciliation.decide": _("处理对账差异"),
}
"""What an operation did. An action without a word here shows as its code."""

FACTS = {
    "account_number": _("户号"),
    "active": _("启用"),
    "brand": _("主色"),
    "code": _("编码"),
    "from": _("自"),
    "from_on": _("自"),
    "kind": _("类型"),
    "label": _("名称"),
    "logo": _("徽标"),
    "must_change": _("须改密码"),
    "offered": _("可选"),
    "parameter": _("参数"),
    "path": _("路径"),
    "people": _("人员"),
    "person": _("人员"),
    "primary": _("主要联系人"),
    "role": _("角色"),
    "roles": _("角色"),
    "territory": _("执行地区"),
    "title": _("名称"),
    "to": _("至"),
    "to_on": _("至"),
    "unit": _("单位"),
    "value": _("取值"),
}
"""Names of facts. A fact without a word here shows under its own name."""
