"""The way to a remote-control gateway (远程费控): files out, files in; and a simulator that obeys as one would.

Nobody here opens a connection to a device. A folder is emptied and filled by whatever carries files to the other zone,
in one direction each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from wandeng.domains.collections.types import GATEWAY, OUR_KEY
from wandeng.infra import signed_files
from wandeng.infra.signed_files import Message, MessageRefused, Signer

RECEIPT_VALID = timedelta(days=7)
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


def exchange_folder() -> Path:
    """Where instructions leave and receipts arrive, unless told otherwise."""
    return Path(settings.HOME) / "exchange" / "supply"


class FolderGateway:
    """Instructions as files in ``out``, receipts as files in ``in``; what was taken goes to ``taken``, as evidence."""

    def __init__(self, folder: Path) -> None:
        self.out, self.into, self.taken = (folder / name for name in ("out", "in", "taken"))
        for place in (self.out, self.into, self.taken):
            place.mkdir(parents=True, exist_ok=True)

    def hand_over(self, channel: str, sequence: int, text: str) -> None:
        """Write one instruction; complete or not at all, and the same again when it is written twice."""
        write(self.out, channel, sequence, text)

    def collect(self) -> Sequence[str]:
        """What lies in ``in``, in the order of the numbers; each is set aside before it is answered."""
        found = []
        for path in sorted(self.into.glob("*.json")):
            # What is no text is still looked at, refused and kept.
            found.append(path.read_bytes().decode("utf-8", "replace"))
            path.replace(self.taken / path.name)
        return found


class SimulatedGateway:
    """Obeys as a gateway would: the next number of a channel, signed by a trusted key and in time, switches supply; the
    rest is refused. Each instruction obeyed is answered by a receipt with the state of supply read back."""

    def __init__(self, folder: Path, keys: Path, trusted: dict[str, bytes]) -> None:
        self.folder, self.trusted = FolderGateway(folder), trusted
        self.signer = Signer("supply-gateway", keys)
        self.last: dict[str, int] = {}
        self.sent: dict[str, int] = {}
        self.supply: dict[str, str] = {}
        self.refused: list[str] = []

    def go_on(self) -> None:
        """Take the numbers up where this folder's instructions and answers stand, for a simulator that was started anew."""
        for path in sorted(self.folder.out.glob("*.json"), reverse=True):
            message = signed_files.open_signed(path.read_text("utf-8"), self.trusted).message
            self.last[message.channel] = message.sequence - 1
        for path in (*self.folder.taken.glob("*.json"), *self.folder.into.glob("*.json")):
            message = signed_files.open_signed(
                path.read_text("utf-8"), {self.signer.key_id: self.signer.public}
            ).message
            self.sent[message.channel] = max(self.sent.get(message.channel, 0), message.sequence)

    def run(self, *, now: datetime) -> int:
        """Look at everything in ``out`` once; returns how many were obeyed."""
        obeyed = 0
        for path in sorted(self.folder.out.glob("*.json")):
            text = path.read_text("utf-8")
            path.unlink()
            try:
                opened = signed_files.open_signed(text, self.trusted).message
                signed_files.admit(opened, channel=opened.channel, last=self.last.get(opened.channel, 0), now=now)
            except MessageRefused as refused:
                self.refused.append(refused.code)
                continue
            self._obey(opened, now)
            obeyed += 1
        return obeyed

    def _obey(self, message: Message, now: datetime) -> None:
        channel = message.channel
        self.last[channel] = message.sequence
        supply = "OFF" if message.body["kind"] == "DISCONNECT" else "ON"
        self.supply[str(message.body["account"])] = supply
        number = self.sent.get(channel, 0) + 1
        self.sent[channel] = number
        body = {"supply": supply, "seen_at": now.isoformat(), "answers": message.sequence}
        write(
            self.folder.into,
            channel,
            number,
            self.signer.seal(Message(channel, number, now, now + RECEIPT_VALID, body)),
        )


def write(folder: Path, channel: str, sequence: int, text: str) -> None:
    """One message as a file whose name sorts by channel and number; the name comes last, so that nobody reads half."""
    path = folder / f"{_UNSAFE.sub('_', channel)}-{sequence:012d}.json"
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(text, "utf-8")
    aside.replace(path)


def way() -> FolderGateway:
    """The way that the settings name: the exchange folder of this installation."""
    return FolderGateway(exchange_folder())


def simulate(now: datetime) -> tuple[int, list[str]]:
    """Play the gateway on the exchange folder: how many instructions were obeyed, and why others were not. Its key is
    trusted from then on; for trials only."""
    place, ours = exchange_folder(), Signer(OUR_KEY)
    simulated = SimulatedGateway(place, place / "simulated", {ours.key_id: ours.public})
    signed_files.trust(GATEWAY, simulated.signer.public)
    simulated.go_on()
    return simulated.run(now=now), simulated.refused
