"""Orders across domains and doors: what a worker does with the remote-control gateway, who is told of a return of supply,
the sweep for debts that went away without a payment, and many orders at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from wandeng.domains.collections import actions, frames, queries
from wandeng.domains.collections.actions import disconnection, handing_over, receipts, reconnection
from wandeng.domains.customers import actions as customers
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import AccountId

MOST_AT_ONCE = 500
EXCHANGE = "supply.exchange"
SWEEP = "supply.sweep"


class SupplyGateway(Protocol):
    """The way to a remote-control system and back: texts out, texts in. It never reaches a device itself."""

    def hand_over(self, channel: str, sequence: int, text: str) -> None:
        """Leave one signed instruction. Leaving it again is the same."""

    def collect(self) -> Sequence[str]:
        """What came in and was not collected yet, in the order of its numbers."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange with the gateway came to."""

    handed_over: int
    taken: int
    refused: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one order of a bulk."""

    number: str
    is_done: bool
    code: str = ""
    sentence: str = ""


def gateway() -> SupplyGateway:
    """The way to the remote-control gateway that the settings name: flows know no door."""
    way: Callable[[], SupplyGateway] = import_string(settings.WANDENG_SUPPLY_WAY)
    return way()


def simulate(now: datetime) -> tuple[int, list[str]]:
    """Let the simulator that the settings name obey once: how many instructions it obeyed, and why not the others."""
    play: Callable[[datetime], tuple[int, list[str]]] = import_string(settings.WANDENG_SUPPLY_SIMULATOR)
    return play(now)


def exchange(gateway: SupplyGateway, *, clock: Callable[[], datetime]) -> Exchanged:
    """Hand over what waits, in order, and take what came back. Killed anywhere, it goes on at the next call: handing over
    again is the same message, and a receipt taken twice is refused as a replay."""
    for number in handing_over.open_remote():
        handing_over.instruct_back(order=number, remote=True, at=clock())
    waiting = handing_over.waiting()
    for instruction_id, channel, sequence, text in waiting:
        gateway.hand_over(channel, sequence, text)
        handing_over.note_handed_over(instruction_id=instruction_id, at=clock())
    verdicts = [receipts.take(text=text, at=clock()).verdict for text in gateway.collect()]
    taken = verdicts.count("TAKEN")
    return Exchanged(len(waiting), taken, len(verdicts) - taken)


def tell_responsible(body: Body, now: datetime) -> None:
    """Subscriber: whoever goes is told of a return of supply that a batch ordered."""
    reconnection.tell_of(number=str(body["number"]), actor=SYSTEM, at=now)


def after_batch(
    *, batch: str, actor: Actor, at: datetime, library: RuleLibrary
) -> Callable[[ColumnStore, list[int]], None]:
    """What ``payments.frames.take_many`` calls in each of its transactions."""

    def then(store: ColumnStore, account_ids: list[int]) -> None:
        frames.after_payments(store, account_ids, batch=batch, actor=actor, at=at, library=library)

    return then


def sweep(*, at: datetime, library: RuleLibrary) -> int:
    """Look at every account with a live order as if it had just paid: a debt may also go away by a write-off, a correction
    or a transfer. Returns how many orders that changed."""
    changed = 0
    for account in queries.live_accounts():
        with transaction.atomic():
            customers.lock_accounts([AccountId(account)])
            found = actions.after_payment(
                account=AccountId(account), payment_key="", paid_at=at, actor=SYSTEM, at=at, library=library
            )
        changed += bool(found.withdrawn or found.recalled or found.reconnection)
    return changed


def dispatch_each(
    *, orders: Sequence[str], remote: bool = False, actor: Actor, at: datetime, library: RuleLibrary
) -> tuple[Verdict, ...]:
    """Send several approved orders, each in its own transaction with all its guards; the answer says what became of each."""
    answers = []
    for number in orders[:MOST_AT_ONCE]:
        answer = disconnection.dispatch(order=number, remote=remote, actor=actor, at=at, library=library)
        answers.append(Verdict(number, answer.is_sent, answer.code, answer.sentence))
    return tuple(answers)


def kinds(clock: Callable[[], datetime]) -> Mapping[str, jobs.Handler]:
    """Job kind → function; both go on where a killed worker left them."""

    def exchange_job(_payload: jobs.Payload, _held: jobs.Claim) -> jobs.Payload:
        done = exchange(gateway(), clock=clock)
        return {"handed_over": done.handed_over, "taken": done.taken, "refused": done.refused}

    def sweep_job(_payload: jobs.Payload, _held: jobs.Claim) -> jobs.Payload:
        return {"changed": sweep(at=clock(), library=current.library())}

    return {EXCHANGE: exchange_job, SWEEP: sweep_job}
