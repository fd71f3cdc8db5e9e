from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from wandeng.infra import pii

PHONES = ["13812345678", "", "13812345678", "07341234567"]


@pytest.fixture(autouse=True)
def _key(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    pii.create_key()


def test_a_key_is_made_once_and_readable_by_its_owner_only() -> None:
    assert stat.S_IMODE(pii.key_path().stat().st_mode) == 0o600
    before = pii.key_path().read_bytes()
    assert (len(before), pii.create_key(), pii.key_path().read_bytes()) == (32, False, before)


def test_a_sealed_value_opens_to_what_it_was_and_equal_values_look_different() -> None:
    sealed = pii.seal_many(PHONES, column="phone")
    assert [pii.open_sealed(value, column="phone") for value in sealed] == PHONES
    assert sealed[1] == ""
    assert sealed[0] != sealed[2]
    assert all(phone not in value for phone, value in zip(PHONES, sealed, strict=True) if phone)


def test_a_ciphertext_copied_to_another_column_does_not_open() -> None:
    (sealed,) = pii.seal_many(["13812345678"], column="phone")
    with pytest.raises(InvalidTag):
        pii.open_sealed(sealed, column="id_number")


def test_equal_values_have_equal_blind_indexes_in_one_column_and_others_in_another() -> None:
    one = pii.index_many(PHONES, column="phone")
    assert one[0] == one[2]
    assert one[1] == ""
    assert one[3] != one[0]
    assert pii.index_many(PHONES, column="tail")[0] != one[0]


def test_without_a_key_nothing_is_sealed(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "elsewhere"
    with pytest.raises(pii.KeyMissing, match="wandeng init"):
        pii.seal_many(["1"], column="phone")


@pytest.mark.parametrize(("phone", "shown"), [("13812345678", "138****5678"), ("123456", "****"), ("", "****")])
def test_lists_show_numbers_masked(phone: str, shown: str) -> None:
    assert pii.mask_phone(phone) == shown
