"""Files of an installation: where they lie, how they are written so that nobody sees half of one, what they are named by.

Everything lives below ``WANDENG_HOME``; a path stored in the database is relative to the folder it names.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings


def columns_folder() -> Path:
    """Home of the Parquet columns."""
    return Path(settings.HOME) / "columns"


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Call ``write`` on a temporary neighbor, push it to the disk and rename it into place.

    A killed writer leaves either the old file, or none, and never a piece; folders are made as needed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def content_hash(table: pa.Table) -> str:
    """SHA-256 of a table's values: names, types, nulls and numbers, whatever the chunks, file format or library.

    Fixed-width columns and text. The order of rows counts: sort first where it must not.
    """
    digest = hashlib.sha256()
    for field in table.schema:
        column = table.column(field.name)
        digest.update(f"{field.name}:{field.type}:{len(column)};".encode())
        digest.update(np.packbits(pc.is_valid(column).to_numpy()).tobytes())
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            filled = pc.fill_null(column, "")
            digest.update(pc.binary_length(filled).to_numpy().astype(np.int64).tobytes())
            digest.update("".join(filled.to_pylist()).encode())
        else:
            digest.update(_numbers(column).tobytes())
    return digest.hexdigest()


def _numbers(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A fixed-width column as 64-bit integers, nulls as zero."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return np.asarray(pc.fill_null(column.cast(pa.int64()), 0).to_numpy(), dtype=np.int64)
