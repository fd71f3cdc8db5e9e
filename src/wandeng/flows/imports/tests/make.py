"""A small town in files: one of each kind, as a utility would write them; and a hand to import them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from wandeng.flows.imports import intake
from wandeng.infra import pii
from wandeng.infra.imports.outcome import Outcome
from wandeng.kernel.actors import SYSTEM

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)

ORGANIZATIONS = """类型,编码,名称,单位类型,上级单位,执行地区,所属单位,工号,岗位角色,起始日期,终止日期
单位,43,湖南公司,省公司,,hunan,,,,,
单位,430426,祁阳公司,县公司,43,,,,,,
单位,43042601,白水供电所,供电所,430426,,,,,,
单位,43042602,黎家坪供电所,供电所,430426,,,,,,
人员,P001,张三,,,,43042601,,,,
岗位,,,,,,43042601,P001,BILLING_CLERK,2026-01-01,
"""
NETWORK = """type,code,name,unit,substation,feeder,node_a,node_b,switch_kind,normal_open,node,capacity_kva,ownership,is_source,length_m
transformer,T1,新华村台区,43042601,,F1,,,,,N2,315,公变,,
transformer,T2,水泥厂专变,43042602,,F1,,,,,N3,800,专变,,
switch,K1,出线开关,,,F1,N1,N2,断路器,否,,,,,
line,L1,,,,,N2,N3,,,,,,,1200
node,N1,,,,F1,,,,,,,,是,
node,N2,,,,F1,,,,,,,,,
node,N3,,,,F1,,,,,,,,,
feeder,F1,白水一线,43042601,S1,,,,,,,,,,
substation,S1,白水变,43042601,,,,,,,,,,,
"""
CUSTOMERS = """户号,户名,供电单位,用电地址,客户类型,用户分类,城乡类别,立户日期,合同编号,合同起始日期,合同签订日期,联系人,联系电话,计量点编号,变压器编号,电压等级,合同容量
1000000001,李四,43042601,白水镇1号,个人,低压居民,农村,2015-06-01,HT1,2015-06-01,2015-05-28,李四,13912345678,D1,T1,220V,8
1000000002,王五,43042601,白水镇2号,个人,低压居民,农村,2016/6/1,,,,王五,+86 138-2345-6789,D2,T1,220V,8
1000000003,水泥厂,43042602,工业园,单位,高压,城镇,20100101,HT3,2010年1月1日,,陈厂长,0746-3212345,D3,T2,10kV,"1,800.50"
"""
METERS = """资产编号,计量点编号,安装日期,整数位数,电流互感器一次,电流互感器二次,电压互感器一次,电压互感器二次,综合倍率,抄表段编号,抄表段名称,抄表例日,起始示数总
A1,D1,2020-03-01,6,,,,,1,R1,新华村,1,0
A2,D2,2020-03-01,6,,,,,1,R1,新华村,1,12.5
A3,D3,2020-03-01,6,100,5,10000,100,,R2,专变,1,100
"""
READINGS = """资产编号,计量点编号,抄表日期,正向有功总,正向有功峰,最大需量
A1,,2026-01-01,100.25,,
A1,,2026-02-01,200.50,,
,D2,2026-01-01,300,,
A3,D3,2026-01-01,4000.5,1000,0.4321
"""
PRICES = """计量点编号,起始日期,终止日期,电价码,运行容量,基本电费计算方式,功率因数标准
D1,2020-03-01,,hunan.residential,,,
D3,2020-03-01,2026-01-01,hunan.industry,800,按容量,0.90
D3,2026-01-01,,hunan.industry,1800.5,按实际最大需量,0.90
"""
SWITCHINGS = """开关编码,操作时间,操作后位置,原因
K1,2026-01-31 08:15,分,检修
K1,2026-01-31 17:40:30,合,恢复
"""
CURVES = (
    "资产编号,日期,"
    + ",".join(f"p{i:02d}" for i in range(96))
    + "\n"
    + "".join(f"A1,{day}," + ",".join("0.125" for _ in range(96)) + "\n" for day in ("2026-01-31", "2026-02-01"))
)

TOWN = {
    "organizations": ORGANIZATIONS,
    "network": NETWORK,
    "customers": CUSTOMERS,
    "meters": METERS,
    "price-assignments": PRICES,
    "readings": READINGS,
    "curves": CURVES,
    "switch-operations": SWITCHINGS,
}


def take_in(folder: Path, kind: str, text: str, name: str = "", **more: object) -> Outcome:
    """Write the text to a file and import it."""
    pii.create_key()
    path = folder / (name or f"{kind}.csv")
    path.write_text(text, encoding="utf-8")
    return intake.take_in(kind, path, actor=SYSTEM, clock=lambda: AT, **more)  # type: ignore[arg-type]


def town(folder: Path, *kinds: str) -> dict[str, Outcome]:
    """Import the small town, or the kinds of it that are named."""
    pii.create_key()
    return {kind: take_in(folder, kind, TOWN[kind]) for kind in kinds or TOWN}


def take_in_file(kind: str, path: Path, **more: object) -> Outcome:
    """Import a file that stands already."""
    return intake.take_in(kind, path, actor=SYSTEM, clock=lambda: AT, **more)  # type: ignore[arg-type]
