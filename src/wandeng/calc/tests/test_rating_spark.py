"""The same lines from executors in processes of their own as from this one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import wandeng
from wandeng.calc.rating.frames import Shard
from wandeng.calc.rating.shard import rate
from wandeng.calc.tests.rating_cases import random_book, random_shard

pyspark = pytest.importorskip("pyspark")
pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

SHARDS = 3


@pytest.fixture
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        source = str(Path(wandeng.__file__).parents[1])
        spark = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.executorEnv.PYTHONPATH", os.pathsep.join([source, *sys.path[1:]]))
            .getOrCreate()
        )
        yield spark
        spark.stop()


def test_spark_executors_give_the_identical_bills(session: Any) -> None:
    from wandeng.calc.rating import spark

    rng = Random(11)
    book = random_book(rng)
    shards = [_renumbered(random_shard(rng, 17), shard) for shard in range(SHARDS)]
    frames = [session.createDataFrame(_together(shards, name)) for name in ("points", "terms", "reads")]
    rated = spark.rate_shards(*frames, book).cache()
    here = [rate(shard, book) for shard in shards]
    for name in spark.RESULTS:
        expected = pa.concat_tables([getattr(each, name) for each in here]).to_pylist()
        found = spark.table(rated, name).toArrow().to_pylist()
        assert sorted(map(str, found)) == sorted(map(str, expected)), name
        assert len(found) > 0, name


def _renumbered(shard: Shard, number: int) -> Shard:
    """Accounts of one shard do not occur in another."""
    tables = []
    for table in (shard.points, shard.terms, shard.reads):
        accounts = pa.array([account + 1000 * number for account in table["account_id"].to_pylist()], pa.int64())
        tables.append(table.set_column(0, "account_id", accounts))
    return Shard(*tables)


def _together(shards: list[Shard], name: str) -> pa.Table:
    return pa.concat_tables(
        getattr(shard, name).append_column("shard_id", pa.array([number] * getattr(shard, name).num_rows, pa.int32()))
        for number, shard in enumerate(shards)
    )
