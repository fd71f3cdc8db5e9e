"""Customers 客户档案: party, account, agreement, usage point and contact of an account, in one wide row.

An account with several usage points stands on several rows, one for each.
"""

from __future__ import annotations

from wandeng.infra.imports.spec import Choice, Code, Column, Day, Number, Text

CUSTOMER_KINDS = Choice({"PERSON": ("个人", "自然人", "居民"), "ORGANIZATION": ("单位", "企业", "法人", "组织")})
CUSTOMER_CLASSES = Choice(
    {
        "HIGH_VOLTAGE": ("高压",),
        "LOW_VOLTAGE": ("低压非居民", "低压"),
        "RESIDENTIAL": ("低压居民", "居民"),
    }
)
LOCALITIES = Choice({"URBAN": ("城镇", "城市", "城区"), "RURAL": ("农村",), "REMOTE": ("偏远", "边远", "特殊边远")})
IMPORTANCES = Choice({"SPECIAL": ("特级",), "FIRST": ("一级",), "SECOND": ("二级",), "TEMPORARY": ("临时", "临时性")})
POINT_KINDS = Choice(
    {
        "LOAD": ("用电", "售电"),
        "SUBMETER": ("扣减", "扣减表", "分表"),
        "FEED_IN": ("上网", "发电上网"),
        "SUPPLY": ("考核", "考核表", "台区考核"),
    }
)
METERED_SIDES = Choice({"HIGH": ("高供高计", "高计"), "LOW": ("高供低计", "低供低计", "低计")})
VOLTAGES = Choice(
    {
        "AC02202": ("220V", "交流220V"),
        "AC03802": ("380V", "交流380V", "0.4kV"),
        "AC00061": ("6kV", "交流6kV"),
        "AC00101": ("10kV", "交流10kV"),
        "AC00201": ("20kV", "交流20kV"),
        "AC00351": ("35kV", "交流35kV"),
        "AC00661": ("66kV", "交流66kV"),
        "AC01101": ("110kV", "交流110kV"),
        "AC02201": ("220kV", "交流220kV"),
    }
)

ACCOUNT_NUMBER = Column("account_number", "户号", Code(20), required=True, sample="4301234567890")
CONTACT_NAME = Column("contact_name", "联系人", Text(64), sample="李四")
PHONE = Column(
    "phone", "联系电话", Text(64), sample="13912345678", about="手机或带区号的固定电话 mobile, or area code and number"
)

COLUMNS = (
    ACCOUNT_NUMBER,
    Column("name", "户名", Text(256), required=True, sample="李四"),
    Column("unit", "供电单位", Code(32), required=True, sample="4304260301"),
    Column("address", "用电地址", Text(256), required=True, sample="白水镇新华村3组"),
    Column("customer_code", "客户编号", Code(32), about="空白取户号 empty: the account number"),
    Column("customer_name", "客户名称", Text(256), about="空白取户名 empty: the account's name"),
    Column("customer_kind", "客户类型", CUSTOMER_KINDS, required=True, sample="个人"),
    Column("id_number", "证件号码", Text(64), about="加密保存 stored sealed"),
    Column("customer_class", "用户分类", CUSTOMER_CLASSES, required=True, sample="低压居民"),
    Column("locality", "城乡类别", LOCALITIES, required=True, sample="农村"),
    Column("importance", "重要性等级", IMPORTANCES, about="空白为一般 empty: ordinary"),
    Column("household_size", "家庭人口", Number(high=99), default="0", sample="4"),
    Column("opened_on", "立户日期", Day(), required=True, sample="2015-06-01"),
    Column("closed_on", "销户日期", Day()),
    Column("agreement_number", "合同编号", Code(32), sample="HT2015060001"),
    Column("agreement_from", "合同起始日期", Day(), sample="2015-06-01"),
    Column("agreement_to", "合同终止日期", Day(), about="不含当日，空白为长期 exclusive; empty: no known end"),
    Column("agreement_signed_on", "合同签订日期", Day(), sample="2015-05-28", about="空白为草稿 empty: a draft"),
    CONTACT_NAME,
    PHONE,
    Column("usage_point", "计量点编号", Code(64), required=True, sample="JLD4301234567890", also=("用电点编号",)),
    Column("transformer", "变压器编号", Code(64), required=True, sample="TQ0001", also=("台区编号", "台区编码")),
    Column("usage_point_kind", "计量点类型", POINT_KINDS, default="用电", sample="用电"),
    Column("deducts_from", "被扣减计量点", Code(64), about="扣减表必填 required for a sub-meter"),
    Column("voltage", "电压等级", VOLTAGES, required=True, sample="220V"),
    Column("metered_side", "计量方式", METERED_SIDES, default="低供低计", sample="低供低计"),
    Column("contract_capacity_kva", "合同容量", Number(2, 0, 10**9), default="0", sample="8"),
    Column("connected_on", "送电日期", Day(), about="空白取立户日期 empty: the day the account was opened"),
    Column("disconnected_on", "停用日期", Day()),
)
