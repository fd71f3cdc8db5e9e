"""Receipts of the remote-control gateway (D3): believed when signed, next and in time; all else is refused and kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from wandeng.domains.collections.actions import handing_over, receipts, reconnection
from wandeng.domains.collections.models import InstructionReceipt, ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.collections.types import GATEWAY
from wandeng.infra import signed_files
from wandeng.infra.models import Operation
from wandeng.infra.signed_files import Message, Signer

pytestmark = pytest.mark.django_db
NOW = make.NOW
SEEN = NOW + timedelta(minutes=3)
CHANNEL = "REMOTE:BS-W"


@pytest.fixture
def gateway(settings, tmp_path: Path) -> Signer:
    settings.HOME = tmp_path
    (tmp_path / "pii.key").write_bytes(b"k" * 32)
    make.county()
    make.arrears()
    party = Signer("supply-gateway", tmp_path / "theirs")
    signed_files.trust(GATEWAY, party.public)
    return party


def receipt(sequence: int = 1, supply: object = "OFF", answers: object = 1, **other: object) -> Message:
    until = NOW + timedelta(hours=1)
    body = {"supply": supply, "seen_at": SEEN.isoformat(), "answers": answers} | other
    return Message(CHANNEL, sequence, SEEN, until, body)


def take(text: str, at=SEEN):
    return receipts.take(text=text, at=at)


def test_a_receipt_reads_the_state_of_supply_back(gateway: Signer) -> None:
    order = make.sent(remote=True)
    assert handing_over.waiting()[0][1:3] == (CHANNEL, 1)
    assert take(gateway.seal(receipt())).verdict == "TAKEN"
    assert make.state(order) == "CUT"


def test_a_return_through_the_gateway_is_read_back_too(gateway: Signer) -> None:
    order = make.sent(remote=True)
    take(gateway.seal(receipt()))
    number = reconnection.order_by_person(
        order=order, reason="协商恢复", actor=make.CLERK, at=SEEN, library=make.library()
    )
    assert handing_over.open_remote() == (number,)
    handing_over.instruct_back(order=number, remote=True, at=SEEN)
    assert handing_over.open_remote() == ()
    assert [sequence for _id, _channel, sequence, _text in handing_over.waiting()] == [1, 2]
    assert take(gateway.seal(receipt(2, "ON", 2))).number == number
    assert (make.state(order), ReconnectionOrder.objects.get().state) == ("RESTORED", "RESTORED")


def test_an_instruction_without_effect_leaves_the_order_to_a_person(gateway: Signer) -> None:
    order = make.sent(remote=True)
    assert take(gateway.seal(receipt(supply="ON"))).verdict == "TAKEN"
    assert make.state(order) == "DISPATCHED"


def test_forged_replayed_gapped_and_expired_receipts_change_nothing_and_are_kept(gateway: Signer, tmp_path) -> None:
    order = make.sent(remote=True)
    stranger = Signer("stranger", tmp_path / "strangers")
    good = gateway.seal(receipt())
    wrong = {
        "MESSAGE_FORGED": [stranger.seal(receipt()), good.replace('"OFF"', '"ON"'),
                           gateway.seal(Message("REMOTE:XX", 1, SEEN, NOW + timedelta(hours=1), {}))],
        "MESSAGE_GAPPED": [gateway.seal(receipt(2))],
        "MESSAGE_UNREADABLE": ["", "{}", gateway.seal(receipt(supply="HALF")), gateway.seal(receipt(answers=7)),
                               gateway.seal(receipt(answers="1")), gateway.seal(receipt(seen_at="yesterday"))],
    }  # fmt: skip
    for code, texts in wrong.items():
        assert [take(text).verdict for text in texts] == [code] * len(texts)
    assert take(good, at=NOW + timedelta(hours=1)).verdict == "MESSAGE_EXPIRED"
    assert make.state(order) == "DISPATCHED"
    assert take(good).verdict == "TAKEN"
    assert take(good).verdict == "MESSAGE_REPLAYED"
    assert make.state(order) == "CUT"
    refused = InstructionReceipt.objects.exclude(verdict="TAKEN")
    assert refused.count() == Operation.objects.filter(action="instruction_receipt.refuse").count() == 12


def test_a_gateway_nobody_trusts_is_not_believed(gateway: Signer, tmp_path: Path) -> None:
    make.sent(remote=True)
    (tmp_path / "keys" / "trusted" / f"{GATEWAY}.pub").unlink()
    assert take(gateway.seal(receipt())).verdict == "MESSAGE_FORGED"
