"""One step of one shard, as a worker process runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frames as billing
from wandeng.domains.billing.types import PaymentTerms, ShardJob, Totals
from wandeng.flows import bill_pool
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """Whose books a shard is posted into, when, and by whom."""

    unit: UnitId
    month: str
    at: datetime
    actor: Actor


def freeze(job: ShardJob, book_hash: str) -> bool:
    """Freeze a planned shard."""
    book, _ = _book(job.run_id, book_hash)
    with bill_pool.column_store() as store:
        return billing.freeze(store, job, book)


def price(job: ShardJob, book_hash: str) -> bool:
    """Price a frozen shard."""
    book, terms = _book(job.run_id, book_hash)
    with bill_pool.column_store() as store:
        return billing.price(store, job, book, terms)


def post(job: ShardJob, facts: PostingFacts) -> bool:
    """Post a priced shard."""
    with bill_pool.column_store() as store:
        return billing.post(store, job, unit=facts.unit, month=facts.month, at=facts.at, actor=facts.actor)


def try_out(job: ShardJob, book: Book) -> Totals:
    """Price live data into nothing."""
    with bill_pool.column_store() as store:
        return billing.try_out(store, job, book)


def verify(job: ShardJob, book_hash: str) -> list[str]:
    """Price a shard's frozen inputs again and compare with what is stored."""
    book, _ = _book(job.run_id, book_hash)
    with bill_pool.column_store() as store:
        return billing.verify(store, job, book)


@lru_cache(maxsize=2)
def _book(run_id: int, book_hash: str) -> tuple[Book, PaymentTerms]:
    return billing.read_book(run_id, book_hash=book_hash)
