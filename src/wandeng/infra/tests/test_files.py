from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from wandeng.infra import files

TABLE = pa.table({"id": pa.array([1, 2, None]), "day": [date(2026, 1, 1)] * 3, "text": ["a", "", None]})


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.txt"

    def broken(path: Path) -> None:
        path.write_text("half")
        raise OSError("killed")

    with pytest.raises(OSError, match="killed"):
        files.write_whole(target, broken)
    assert list((tmp_path / "a").iterdir()) == []
    files.write_whole(target, lambda path: path.write_text("whole"))
    with pytest.raises(OSError, match="killed"):
        files.write_whole(target, broken)
    assert target.read_text() == "whole"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_a_hash_depends_on_the_values_and_not_on_how_they_lie_in_memory() -> None:
    chunked = pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])
    assert files.content_hash(chunked) == files.content_hash(TABLE)
    no_bitmap = pa.table({"n": pa.array([1, 2])})
    assert files.content_hash(no_bitmap) == files.content_hash(
        pa.table({"n": pa.chunked_array([pa.array([1, None]).slice(0, 1), pa.array([2])])})
    )


@pytest.mark.parametrize(
    "other",
    [
        TABLE.set_column(0, "id", pa.array([1, 2, 0])),
        TABLE.set_column(0, "id", pa.array([1, 3, None])),
        TABLE.set_column(2, "text", pa.array(["", "a", None])),
        TABLE.set_column(2, "text", pa.array(["a", None, ""])),
        TABLE.rename_columns(["id2", "day", "text"]),
        TABLE.slice(0, 2),
        TABLE.take([1, 0, 2]),
    ],
)
def test_a_hash_tells_values_nulls_names_and_order_apart(other: pa.Table) -> None:
    assert files.content_hash(other) != files.content_hash(TABLE)
