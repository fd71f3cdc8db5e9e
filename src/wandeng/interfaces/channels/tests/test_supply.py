"""Orders out and receipts back through files, with a simulator that obeys only what it may (D3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import reconnection
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.collections.types import GATEWAY, OUR_KEY
from wandeng.flows import disconnection as flow
from wandeng.flows import payments
from wandeng.infra import signed_files
from wandeng.infra.scope import Scope
from wandeng.infra.signed_files import Signer
from wandeng.interfaces.channels.supply import FolderGateway, SimulatedGateway

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def gateway(settings, tmp_path: Path) -> SimulatedGateway:
    settings.HOME = tmp_path
    (tmp_path / "pii.key").write_bytes(b"k" * 32)
    make.county()
    make.arrears()
    ours = Signer(OUR_KEY)
    simulated = SimulatedGateway(tmp_path / "exchange", tmp_path / "theirs", {ours.key_id: ours.public})
    signed_files.trust(GATEWAY, simulated.signer.public)
    return simulated


def exchange(gateway: SimulatedGateway, at=NOW) -> flow.Exchanged:
    return flow.exchange(FolderGateway(gateway.folder.out.parent), clock=lambda: at)


def test_cut_pay_and_power_back_without_a_person(gateway: SimulatedGateway) -> None:
    order = make.sent(remote=True)
    assert exchange(gateway) == flow.Exchanged(handed_over=1, taken=0, refused=0)
    assert gateway.run(now=NOW) == 1
    assert gateway.supply == {"1001": "OFF"}
    assert exchange(gateway).taken == 1
    assert make.state(order) == "CUT"
    payments.take(
        key="wx:1", account_number="1001", amount_fen=400_00, tender="CASH", channel="TILL", received_on=LATER.date(),
        at=LATER, actor=make.CLERK,
    )  # fmt: skip
    assert exchange(gateway, LATER).handed_over == 1
    gateway.run(now=LATER + timedelta(minutes=2))
    assert exchange(gateway, LATER + timedelta(minutes=3)).taken == 1
    assert (gateway.supply, make.state(order)) == ({"1001": "ON"}, "RESTORED")
    (row,) = queries.reconnection_rows(Scope.everywhere(), now=LATER)
    assert queries.reconnection(Scope.everywhere(), row["number"], now=LATER).minutes == 2


def test_the_gateway_obeys_no_forged_replayed_gapped_or_expired_instruction(
    gateway: SimulatedGateway, tmp_path
) -> None:
    make.sent(remote=True)
    exchange(gateway)
    (path,) = gateway.folder.out.glob("*.json")
    good = path.read_text()
    stranger = Signer("stranger", tmp_path / "strangers")
    message = signed_files.open_signed(good, gateway.trusted).message
    path.write_text(stranger.seal(message))
    assert gateway.run(now=NOW) == 0
    path.write_text(good)
    assert gateway.run(now=NOW + timedelta(hours=4)) == 0  # rules/national/disconnection: valid_hours = 4
    path.write_text(good)
    assert gateway.run(now=NOW) == 1
    path.write_text(good)
    assert gateway.run(now=NOW) == 0
    gateway.last["REMOTE:BS-W"] = -1
    path.write_text(good)
    assert gateway.run(now=NOW) == 0
    assert gateway.refused == ["MESSAGE_FORGED", "MESSAGE_EXPIRED", "MESSAGE_REPLAYED", "MESSAGE_GAPPED"]


def test_a_file_nobody_signed_is_set_aside_and_refused(gateway: SimulatedGateway) -> None:
    folder = FolderGateway(gateway.folder.out.parent)
    (folder.into / "REMOTE_BS-W-000000000001.json").write_bytes(b"\xff\xfe not a message")
    assert exchange(gateway).refused == 1
    assert list(folder.into.glob("*")) == []
    assert len(list(folder.taken.glob("*"))) == 1


def test_handing_over_twice_leaves_one_file(gateway: SimulatedGateway) -> None:
    folder = FolderGateway(gateway.folder.out.parent)
    folder.hand_over("REMOTE:BS-W", 1, "a")
    folder.hand_over("REMOTE:BS-W", 1, "a")
    assert [path.read_text() for path in folder.out.glob("*")] == ["a"]


def test_the_sweep_gives_supply_back_when_the_debt_went_away_otherwise(gateway: SimulatedGateway) -> None:
    from wandeng.domains.payments.tests import make as money

    order = make.cut()
    assert flow.sweep(at=LATER, library=make.library()) == 0
    money.pay(make.account("1001"), 400_00, at=LATER, on=LATER.date())
    assert flow.sweep(at=LATER, library=make.library()) == 1
    assert reconnection.live_order(make.account("1001")).number == order
    assert flow.sweep(at=LATER, library=make.library()) == 0
