"""What people say in the cases of a demonstration, and what proves their steps. All of it is invented."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wandeng.domains.cases.types import Place, Proof
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import START, FormField, Step

STORM = {"SITUATION": "打雷之后整片没电，邻居家也没有", "DANGER": "NO"}
_TEXTS: dict[str, tuple[str, ...]] = {
    "SITUATION": ("整栋楼没电", "家里没电，邻居有电", "电压低，空调带不动", "表后开关跳闸合不上", "电线被树枝压住", "灯一闪一闪",
                  "半边屋没电", "门口电杆有火花声"),
    "MATTER": ("抄表数和表上对不上", "停电没有提前通知", "约好的时间没有人来", "施工后院子没有恢复", "营业厅排队太久",
               "工作人员服务态度好，半夜抢修", "怀疑隔壁私拉电线", "账单地址一直送错"),
    "QUESTION": ("峰谷电价怎么申请", "这个月电费为什么高", "办过户要带什么资料", "充电桩怎么报装", "线上怎么开发票"),
    "WISH": ("请核实并回电话", "希望给个说法", "请尽快处理"),
    "CAUSE": ("接户线老化断线", "树枝搭线，已清障", "表前空开损坏，已更换", "配变低压熔丝熔断，已更换"),
    "REPLY": ("已上门核实并向客户解释", "已电话答复，客户认可", "按规定办理，已告知时限"),
    "FINDING": ("现场核查，未发现违约用电", "属实，已按规定处理"),
    "WHO": ("网格经理", "抢修班组", "营业员"), "SUPPLY_POINT": ("公用变压器低压侧",), "BOUNDARY": ("表箱出线桩头",),
    "NEW_NAME": ("测试客户",), "METER": ("DEMO0001",),
}  # fmt: skip
_ANSWERS = (
    (5, "很满意"), (5, ""), (4, "来得快"), (4, ""), (4, ""), (3, "还可以"), (3, ""), (5, ""), (4, "说得清楚"),
    (2, "修好了又停，没有解决"), (1, "等了太久"),
)  # fmt: skip


def answers(body: ProcessDefinition, by: str, at: datetime, chance: random.Random) -> dict[str, str]:
    """The fields due by a step; what the product knows of a customer it fills in by itself."""
    known = {"CUSTOMER_NAME", "ADDRESS", "ACCOUNT_NUMBER", "LOCALITY", "TRANSFORMER"} if by == START else set()
    fields = [one for one in body.fields if one.by == by and one.known_as not in known and one.required]
    return {one.code: _answer(one, at, chance) for one in fields}


def _answer(field: FormField, at: datetime, chance: random.Random) -> str:
    if field.code in _TEXTS:
        return chance.choice(_TEXTS[field.code])
    later = at + timedelta(hours=2)
    match field.kind:
        case "WHOLE" | "DECIMAL":
            return str(chance.choice([8, 16, 40, 80]))
        case "DATE":
            return later.date().isoformat()
        case "INSTANT":
            return later.isoformat(timespec="seconds")
        case "YES_NO":
            return "NO" if field.code == "DANGER" or chance.random() < 0.5 else "YES"
        case "CHOICE":
            return chance.choice([one.code for one in field.choices])
        case "PHONE":
            return f"1390000{chance.randrange(10_000):04d}"
        case _:
            return "见现场记录"


def classes(body: ProcessDefinition, chance: random.Random) -> dict[str, Any]:
    """A class, a grade and an urgency, as often as they occur."""
    found: dict[str, Any] = {}
    if body.classification:
        first = chance.choice(body.classification.first)
        found["first_class"] = first.code
        if first.second:
            found["second_class"] = chance.choice(first.second).code
    if body.urgency and chance.random() < 0.15:
        found["urgency"] = body.urgency.values[-1].code
    return found


def proofs(step: Step, place: int) -> list[Proof]:
    """What proves a step."""
    return proved(step.evidence, place)


def proved(kinds: Sequence[str], place: int) -> list[Proof]:
    """Proofs of these kinds: a place in the county, a small picture, the number of a recording."""
    made = {
        "PHOTO": Proof("PHOTO", label="现场照片", file_name="scene.png", content=_PICTURE),
        "PLACE": Proof("PLACE", place=Place(111_900_000 + place * 137, 26_480_000 + place * 91)),
        "SIGNATURE": Proof("SIGNATURE", label="客户手写签名"),
        "RECORDING": Proof("RECORDING", label=f"录音 R{place:06d}"),
        "PAPER": Proof("PAPER", label=f"纸质记录 P{place:06d}"),
    }
    return [made[kind] for kind in kinds if kind in made]


def answer(chance: random.Random) -> dict[str, Any]:
    """What a customer says when asked."""
    score, note = chance.choice(_ANSWERS)
    return {"score": score, "note": note}


def _picture() -> bytes:
    """A grey square as PNG: a demonstration shows nobody's house."""
    side = 32
    raw = b"".join(b"\0" + b"\x9a" * side for _ in range(side))

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(raw)) + part(b"IEND", b"")


_PICTURE = _picture()
