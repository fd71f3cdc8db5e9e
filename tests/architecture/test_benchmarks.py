"""Every benchmark can be run at a small size, so that one that broke is noticed without hours of measuring."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_benchmark_has_a_small_size() -> None:
    scripts = {one.name for one in (ROOT / "benchmarks").glob("*.py") if "__main__" in one.read_text("utf-8")}
    sized = {line.split(" ", 1)[0] for line in (ROOT / "benchmarks/small").read_text("utf-8").splitlines()}
    assert sized == scripts
