"""Statements as providers and acquirers write them, whose closing lines hold."""

from __future__ import annotations

_SALES = ("消费", "扫码消费")
_TITLES = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,退款批次号/请求号,服务费（元）,备注"
)


def alipay(*told: tuple[str, str, str], day: str = "2026-03-20", encoding: str = "gb18030") -> bytes:
    """Alipay's business detail: order, amount in yuan, number of the refund where it is one."""
    year, month, date_ = day.split("-")
    lines = [
        "#支付宝业务明细查询",
        "#账号：[20881234]",
        f"#起始日期：[{year}年{month}月{date_}日 00:00:00]",
        "#----业务明细列表----",
        _TITLES,
    ]
    for place, (order, amount, refund) in enumerate(told, start=1):
        what = "退款" if refund else "交易"
        moments = f"{day} 10:59:00,{day} 11:00:00"
        lines.append(f"T{place},{order},{what},电费,{moments},,,,,,{amount},{amount},{refund},0.10,\t")
    paid = [_fen(amount) for _, amount, refund in told if not refund]
    back = [_fen(amount) for _, amount, refund in told if refund]
    lines += [
        "#----业务明细列表结束----",
        f"#交易合计：{len(paid)}笔，商家实收共{_yuan(sum(paid))}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共{_yuan(sum(back))}元，商家优惠退款共0.00元",
    ]
    return "\r\n".join([*lines, ""]).encode(encoding)


def unionpay_line(order: str, fen: int, what: str, place: int = 1) -> bytes:
    """A record of UnionPay's merchant statement."""
    cells = [
        ("S22", 3), ("4800", 11), ("4900", 11), (f"{place:06d}", 6), ("0320110000", 10), ("622200", 19),
        (f"{fen:012d}", 12), ("4900", 4), ("08", 2), (f"20260320110000{place:07d}", 21), ("", 2), (order, 32), ("01", 2),
        ("", 6), ("", 10), ("D00000000001", 13), ("C00000000001", 13), ("0001", 4), ("", 15), (what, 2), ("01", 2),
        ("000000", 6), ("", 2), ("", 4), ("", 32), ("", 1), ("", 21), ("777290058110048", 15),
    ]  # fmt: skip
    return " ".join(text.ljust(width) for text, width in cells).encode()


def unionpay(*told: tuple[str, int, str]) -> bytes:
    """UnionPay's merchant statement: order, fen, kind of transaction."""
    return b"".join(unionpay_line(*one, place=place) + b"\r\n" for place, one in enumerate(told, start=1))


def acquirer(*told: tuple[str, str, str], day: str = "2026-03-20") -> bytes:
    """An acquirer's detail: reference number, amount in yuan, kind of transaction."""
    lines = ["#收单清算明细", f"#清算日期：{day}", "商户号,终端号,批次号,参考号,交易时间,交易类型,交易金额,手续费"]
    lines += [f"898,T01,000001,{number},11:00:00,{what},{amount},0.30" for number, amount, what in told]
    for title, chosen in (
        ("消费合计", [_fen(amount) for _, amount, what in told if what in _SALES]),
        ("退回合计", [_fen(amount) for _, amount, what in told if what not in _SALES]),
    ):
        lines.append(f"#{title}：{len(chosen)}笔，共{_yuan(sum(chosen))}元")
    return "\n".join([*lines, ""]).encode()


def _fen(text: str) -> int:
    return int(text.replace(".", ""))


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
