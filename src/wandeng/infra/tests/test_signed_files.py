"""Signed messages: what is forged, replayed, out of order or too old is refused, all of it."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.infra import signed_files
from wandeng.infra.signed_files import (
    Expired,
    Forged,
    Gapped,
    Message,
    MessageRefused,
    Replayed,
    Signer,
    Unreadable,
    admit,
    open_signed,
)
from wandeng.kernel.errors import InvalidInput

NOW = datetime(2026, 3, 10, 2, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer("orders", tmp_path_factory.mktemp("keys"))


def message(sequence: int = 1, channel: str = "REMOTE:BS", **body: object) -> Message:
    return Message(channel, sequence, NOW, NOW + timedelta(hours=4), body or {"kind": "DISCONNECT", "order": "TD1"})


def keys(*signers: Signer) -> dict[str, bytes]:
    return {one.key_id: one.public for one in signers}


def test_a_signed_message_comes_back_as_it_was(signer: Signer) -> None:
    assert open_signed(signer.seal(message()), keys(signer)).message == message()


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    assert Signer("orders", tmp_path).public == Signer("orders", tmp_path).public
    assert stat.S_IMODE((tmp_path / "orders.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["orders.key"]


def test_a_trusted_party_is_known_by_its_key_and_by_a_plain_name(tmp_path: Path) -> None:
    party = Signer("gateway", tmp_path / "theirs")
    assert signed_files.trusted("gateway", tmp_path) == {}
    signed_files.trust("gateway", party.public, tmp_path)
    assert signed_files.trusted("gateway", tmp_path) == keys(party)
    with pytest.raises(InvalidInput):
        signed_files.trust("../gateway", party.public, tmp_path)


def test_another_key_signs_in_vain(signer: Signer, tmp_path: Path) -> None:
    stranger = Signer("stranger", tmp_path)
    with pytest.raises(Forged):
        open_signed(stranger.seal(message()), keys(signer))
    claimed = json.loads(stranger.seal(message())) | {"key_id": signer.key_id}
    with pytest.raises(Forged):
        open_signed(json.dumps(claimed), keys(signer))


@given(position=st.integers(0, 10_000), replacement=st.characters(codec="utf-8"))
def test_no_changed_character_is_believed_to_say_something_else(
    signer: Signer, position: int, replacement: str
) -> None:
    text = signer.seal(message())
    place = position % len(text)
    changed = text[:place] + replacement + text[place + 1 :]
    try:
        opened = open_signed(changed, keys(signer))
    except MessageRefused:
        return
    # Letters of the signature may be written large; what is signed is the same.
    assert opened.message == message()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "{" * 200_000, "[" * 5_000, '{"format":"wandeng-signed/1"}', "\x00", "1e999", '"' * 9],
)
def test_what_is_no_message_is_refused_not_broken_upon(signer: Signer, text: str) -> None:
    with pytest.raises(Unreadable):
        open_signed(text, keys(signer))


@pytest.mark.parametrize(
    ("key", "value"),
    [("sequence", "1"), ("sequence", True), ("sequence", 1.0), ("issued_at", "2026-03-10"), ("body", []),
     ("expires_at", 5), ("signature", "zz"), ("channel", 3), ("format", "wandeng-signed/2")],
)  # fmt: skip
def test_a_field_of_another_kind_is_unreadable(signer: Signer, key: str, value: object) -> None:
    facts = json.loads(signer.seal(message())) | {key: value}
    with pytest.raises(Unreadable):
        open_signed(json.dumps(facts), keys(signer))


def test_the_next_number_in_time_is_admitted_and_nothing_else() -> None:
    admit(message(8), channel="REMOTE:BS", last=7, now=NOW)
    for sequence, kind in ((7, Replayed), (1, Replayed), (9, Gapped), (0, Replayed), (-3, Replayed)):
        with pytest.raises(kind):
            admit(message(sequence), channel="REMOTE:BS", last=7, now=NOW)
    with pytest.raises(Forged):
        admit(message(8), channel="REMOTE:XX", last=7, now=NOW)
    with pytest.raises(Expired):
        admit(message(8), channel="REMOTE:BS", last=7, now=NOW + timedelta(hours=4))
