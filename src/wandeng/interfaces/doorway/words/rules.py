"""English of names that rule files give in Chinese only: plans of tiers, holidays, seasons, cases of back-billing; and the
registers as a bill names them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES = {
    "居民生活用电 阶梯": _("居民生活用电 阶梯"),  # Chinese on purpose
    "居民生活用电 合表": _("居民生活用电 合表"),  # Chinese on purpose
    "居民生活用电 阶梯 峰谷": _("居民生活用电 阶梯 峰谷"),  # Chinese on purpose
    "全年": _("全年"),  # Chinese on purpose
    "春秋季": _("春秋季"),  # Chinese on purpose
    "冬夏季": _("冬夏季"),  # Chinese on purpose
    "夏季": _("夏季"),  # Chinese on purpose
    "非夏季": _("非夏季"),  # Chinese on purpose
    "丰水期": _("丰水期"),  # Chinese on purpose
    "枯平水期": _("枯平水期"),  # Chinese on purpose
    "高考期间": _("高考期间"),  # Chinese on purpose
    "元旦": _("元旦"),  # Chinese on purpose
    "春节": _("春节"),  # Chinese on purpose
    "清明节": _("清明节"),  # Chinese on purpose
    "劳动节": _("劳动节"),  # Chinese on purpose
    "端午节": _("端午节"),  # Chinese on purpose
    "中秋节": _("中秋节"),  # Chinese on purpose
    "国庆节": _("国庆节"),  # Chinese on purpose
    "国庆节、中秋节": _("国庆节、中秋节"),  # Chinese on purpose
    "计量回路连接线电压降超差": _("计量回路连接线电压降超差"),  # Chinese on purpose
    "计费计量装置接线错误": _("计费计量装置接线错误"),  # Chinese on purpose
    "系统非正常状况": _("系统非正常状况"),  # Chinese on purpose
    "电压互感器保险熔断": _("电压互感器保险熔断"),  # Chinese on purpose
    "窃电追补": _("窃电追补"),  # Chinese on purpose
    "倍率或铭牌倍率与实际不符": _("倍率或铭牌倍率与实际不符"),  # Chinese on purpose
    "互感器或电能表误差超差": _("互感器或电能表误差超差"),  # Chinese on purpose
    "其他非人为原因": _("其他非人为原因"),  # Chinese on purpose
    "电阻电热类": _("电阻电热类"),  # Chinese on purpose
    "电机类": _("电机类"),  # Chinese on purpose
    "电子类": _("电子类"),  # Chinese on purpose
    "电光源类": _("电光源类"),  # Chinese on purpose
    "演示工商业分时": _("演示工商业分时"),  # Chinese on purpose
    "演示居民峰谷": _("演示居民峰谷"),  # Chinese on purpose
    "湖南工商业峰谷分时": _("湖南工商业峰谷分时"),  # Chinese on purpose
    "浙江居民峰谷": _("浙江居民峰谷"),  # Chinese on purpose
    "江苏居民峰谷": _("江苏居民峰谷"),  # Chinese on purpose
    "广东工商业峰谷分时": _("广东工商业峰谷分时"),  # Chinese on purpose
    "山东工商业峰谷分时": _("山东工商业峰谷分时"),  # Chinese on purpose
    "云南工商业峰谷分时": _("云南工商业峰谷分时"),  # Chinese on purpose
    "上海居民峰谷": _("上海居民峰谷"),  # Chinese on purpose
    "正向有功总": _("正向有功总"),  # Chinese on purpose
    "正向无功": _("正向无功"),  # Chinese on purpose
    "反向无功": _("反向无功"),  # Chinese on purpose
    "反向有功(上网)": _("反向有功(上网)"),  # Chinese on purpose
    "尖": pgettext_lazy("register", "尖"),  # Chinese on purpose
    "峰": pgettext_lazy("register", "峰"),  # Chinese on purpose
    "谷": pgettext_lazy("register", "谷"),  # Chinese on purpose
    "深谷": pgettext_lazy("register", "深谷"),  # Chinese on purpose
}
