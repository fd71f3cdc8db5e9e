"""The bill run inside Spark's ``local-cluster``: a master, workers and executors as processes of their own.

Used by ``bill_run.py --engine spark``. Every line is compared with the same shards rated in this process.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyspark
import synthetic
from pyspark.sql import SparkSession

import wandeng
from wandeng.calc.rating import spark as rating_in_spark
from wandeng.calc.rating.frames import Shard
from wandeng.calc.rating.shard import rate

BILL_ORDER = [("account_id", "ascending"), ("line_no", "ascending")]


def session(executors: int) -> SparkSession:
    """A local cluster of one-core executors that import this working copy."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    source = str(Path(wandeng.__file__).parents[1])
    return (
        SparkSession.builder.master(f"local-cluster[{executors},1,1024]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.executorEnv.PYTHONPATH", source)
        .config("spark.executorEnv.POLARS_MAX_THREADS", "1")
        .config("spark.sql.shuffle.partitions", str(2 * executors))
        .getOrCreate()
    )


def run(accounts: int, shard_size: int, executors: int) -> dict[str, Any]:
    """Rate the synthetic mix in Spark and here; say how long each took and whether the lines are the same."""
    shards = [synthetic.shard(first, min(shard_size, accounts - first)) for first in range(0, accounts, shard_size)]
    book = synthetic.book()
    started = time.perf_counter()
    spark = session(executors)
    start_s = time.perf_counter() - started
    try:
        frames = [spark.createDataFrame(_with_ids(shards, name)) for name in ("points", "terms", "reads")]
        started = time.perf_counter()
        rated = rating_in_spark.rate_shards(*frames, book)
        lines = rating_in_spark.table(rated, "lines").toArrow()
        seconds = time.perf_counter() - started
    finally:
        spark.stop()
    started = time.perf_counter()
    here = pa.concat_tables([rate(shard, book).lines for shard in shards])
    here_s = time.perf_counter() - started
    identical = lines.sort_by(BILL_ORDER).cast(here.schema).equals(here.sort_by(BILL_ORDER))
    return {
        "benchmark": "bill_run",
        "engine": f"spark local-cluster[{executors},1,1024]",
        "accounts": accounts,
        "ours": {"accounts_per_s": round(accounts / seconds), "start_s": round(start_s, 1), "run_s": round(seconds, 1)},
        "baseline": {"name": "the same shards in one process", "accounts_per_s": round(accounts / here_s)},
        "ratio": round(here_s / seconds, 2),
        "identical": identical,
        "lines_compared": here.num_rows,
    }


def _with_ids(shards: list[Shard], name: str) -> pa.Table:
    tables = [getattr(shard, name) for shard in shards]
    return pa.concat_tables(
        table.append_column(rating_in_spark.SHARD_ID, pa.array([number] * table.num_rows, pa.int32()))
        for number, table in enumerate(tables)
    )
