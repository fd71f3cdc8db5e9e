"""What a customer asks of themselves at the portal besides faults: complaint, opinion, suggestion, praise (投诉、意见、建议、表扬), photos
to a case of theirs, and how it was (评价). Each is a case of its kind like every other one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases.actions import ending, intake, showing
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.queries import own as cases
from wandeng.domains.cases.types import Charter, Proof, Request
from wandeng.domains.residents import actions
from wandeng.domains.residents import queries as residents
from wandeng.domains.residents.types import actor_of
from wandeng.infra import audit, photos
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Asking:
    """A way to ask: the process, what its form says by itself, and the field of the second question."""

    process: str
    given: tuple[tuple[str, str], ...]
    second: str = ""


WAYS = {
    "complaint": Asking("complaint", (), "WISH"),
    "opinion": Asking("opinion", (("SORT", "OPINION"),)),
    "suggestion": Asking("opinion", (("SORT", "SUGGESTION"),)),
    "praise": Asking("praise", (), "WHO"),
}

SHOWN = 200
"""So much of the words tells two requests apart: as long as the beginning that queues show."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The case; ``is_new`` is false for one with the same words that was open already."""

    number: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Own:
    """Whose request it is: a resident and an account they hold, by which channel, and when."""

    resident_id: int
    account: str
    channel: str
    at: datetime

    @property
    def name(self) -> str:
        """Under which name photos and words stand in a case."""
        return actor_of(self.resident_id).code

    @property
    def hand(self) -> Actor:
        """The product acts for them; that the account is theirs was looked at by whoever made this."""
        return Actor(self.name, roles=frozenset({"ADMINISTRATOR"}))


def ask(
    own: Own, *, way: str, matter: str, second: str = "", about: str = "", sent: Sequence[bytes] = (), actor: Actor,
    charter: Charter, library: RuleLibrary,
) -> Asked:  # fmt: skip
    """Open a case of the kind of :data:`WAYS`; ``second`` is what a complaint wants or who is praised, ``about`` a class of the kind,
    empty for none, ``sent`` are files of photos. One with the same words that is open already is told instead.

    Raises :class:`InvalidInput` for words that are missing or too long and for what is no photo, :class:`TooManyLooks`, and what
    opening a case raises.
    """
    asking, words = WAYS[way], matter.strip()
    longest = residents.self_service(own.at, library=library).requests.longest_words
    if max(len(words), len(second)) > longest:
        raise InvalidInput(f"words of at most {longest} signs are taken", field="matter")
    count(own, library=library)
    taken = looked_at(sent, at=own.at, library=library)
    with turn(own):
        found = _opened(own, asking, words, second.strip(), about, actor, charter)
        show_photos(own, found.number, taken, charter=charter, library=library)
    return found


def _opened(own: Own, asking: Asking, words: str, second: str, about: str, actor: Actor, charter: Charter) -> Asked:
    begins = audit.without_numbers(words)[:SHOWN]
    for one in known.cases_of(Scope.everywhere(), own.account, charter=charter):
        if one.process == asking.process and one.state == "OPEN" and one.matter == begins:
            return Asked(one.number, False)
    answers = {"MATTER": words, "PHONE": residents.own_phone(own.resident_id), **dict(asking.given)}
    if asking.second:
        answers[asking.second] = second
    request = Request(asking.process, own.channel, answers, account_number=own.account, first_class=about)
    return Asked(intake.open_case(request=request, actor=actor, at=own.at, charter=charter).number, True)


@contextmanager
def turn(own: Own) -> Iterator[None]:
    """One transaction, and one thing of the resident at a time."""
    with transaction.atomic():
        actions.take_turn(resident_id=own.resident_id)
        yield


def count(own: Own, *, library: RuleLibrary) -> None:
    """Count something written about an account. Raises :class:`TooManyLooks`."""
    actions.count_request(account_number=own.account, at=own.at, library=library)


def looked_at(sent: Sequence[bytes], *, at: datetime, library: RuleLibrary) -> list[Proof]:
    """Photos as they are kept: by the rule's number and size, their picture alone. Raises :class:`InvalidInput`."""
    rule = residents.self_service(at, library=library).photos
    if len(sent) > rule.most:
        raise InvalidInput(f"{rule.most} photos go with a case at most", field="photos")
    if any(len(one) > rule.most_bytes for one in sent):
        raise InvalidInput(f"a photo has {rule.most_bytes // MEGA} MB at most", field="photos")
    kept = [photos.cleaned(one, most_pixels=rule.most_pixels, longest_side=rule.longest_side) for one in sent]
    return [Proof("PHOTO", file_name=f"{place}.jpg", content=one) for place, one in enumerate(kept, 1)]


def show_photos(own: Own, number: str, taken: Sequence[Proof], *, charter: Charter, library: RuleLibrary) -> None:
    """Keep photos with a case of the account. Raises :class:`NotFound`, :class:`Conflict` as the cases do."""
    if taken:
        cases.own(own.account, number, who=own.name, charter=charter, now=own.at)
        most = residents.self_service(own.at, library=library).photos.most
        showing.show_photos(number=number, photos=taken, most=most, actor=own.hand, at=own.at)


def rate(own: Own, number: str, *, score: int, remark: str, charter: Charter) -> None:
    """Say how a case of the account was done: the answer to the call-back that waits (回访), so nobody needs to call; a dissatisfied
    one opens the case again as it does on the telephone.

    Raises :class:`NotFound`, :class:`Conflict` where nobody asks, :class:`InvalidInput` for a score outside 1 to 5 or a bad one
    without words.
    """
    cases.own(own.account, number, who=own.name, charter=charter, now=own.at)
    ending.call_back(
        number=number, score=score, remark=remark.strip(), channel="PORTAL", actor=own.hand, at=own.at, charter=charter
    )
