"""Words and refusals of rationing."""

from __future__ import annotations

from enum import StrEnum

from wandeng.kernel.errors import Conflict


class Measure(StrEnum):
    """How a participant gives up power (有序用电措施): 错峰, 避峰, 限电, 拉路."""

    STAGGER = "STAGGER"
    AVOID = "AVOID"
    LIMIT = "LIMIT"
    CUT = "CUT"


class ParticipantKind(StrEnum):
    """A large customer, or the line behind a switch."""

    ACCOUNT = "ACCOUNT"
    LINE = "LINE"


class SchemeState(StrEnum):
    """How far a version of a scheme is."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    REPLACED = "REPLACED"


class OrderState(StrEnum):
    """How far an order is."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELED = "CANCELED"


class ShortageKind(StrEnum):
    """What is short (缺口性质): power of the system (系统电源不足限电), or the network's capacity (供电网限电)."""

    SYSTEM = "SYSTEM"
    NETWORK = "NETWORK"


class ShareWhy(StrEnum):
    """Why a participant is chosen or not: the proposal's reasons, and a person's swap."""

    NEEDED = "NEEDED"
    PROTECTED = "PROTECTED"
    BUSY = "BUSY"
    NOTHING_TO_SHED = "NOTHING_TO_SHED"
    OFF_ALREADY = "OFF_ALREADY"
    NOT_NEEDED = "NOT_NEEDED"
    SWAPPED_IN = "SWAPPED_IN"
    SWAPPED_OUT = "SWAPPED_OUT"


class RationingTellingKind(StrEnum):
    """What is told (告知类型); the words of ``calc.outage_telling``."""

    ANNOUNCEMENT = "ANNOUNCEMENT"
    CORRECTION = "CORRECTION"
    CANCELLATION = "CANCELLATION"
    RESTORATION = "RESTORATION"


class RationingHandWay(StrEnum):
    """How somebody was told by hand (人工告知方式)."""

    DOOR = "DOOR"
    CALL = "CALL"
    GROUP = "GROUP"
    LOUDSPEAKER = "LOUDSPEAKER"
    NOTICE_BOARD = "NOTICE_BOARD"


class RationingCallState(StrEnum):
    """How far a call is."""

    TO_CALL = "TO_CALL"
    CONFIRMED = "CONFIRMED"
    DROPPED = "DROPPED"


class SameOrderer(Conflict):
    """Who made a scheme or an order does not approve it."""

    code = "SAME_ORDERER"


class ShareProtected(Conflict):
    """A protected user may not be rationed."""

    code = "SHARE_PROTECTED"


class GapUncovered(Conflict):
    """Those chosen give up less than is short, and nobody said why that is enough."""

    code = "GAP_UNCOVERED"
