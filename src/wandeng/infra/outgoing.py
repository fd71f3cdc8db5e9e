"""The only way out: every call to another machine goes through :func:`call`, which trusts neither names nor answers.

A call goes out only to what the setting ``WANDENG_OUTGOING`` allows: names (``hooks.example.com``, ``*.example.com``)
whose addresses are public, and networks (``10.20.0.0/16``). The name is looked up once, every address it has is
checked, and the connection goes to the address that was checked: a name that points elsewhere a moment later gains
nothing. Redirects are not followed, proxies of the environment are not asked, three seconds and one megabyte are all.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookupTimeout
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from wandeng.kernel.errors import InvalidInput, Refused

SECONDS = 3.0
MAX_BYTES = 1_000_000
MAX_URL = 2_000
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Sequence[str]]


class CallNotAllowed(InvalidInput):
    """The address is not one that this installation calls."""

    code = "CALL_NOT_ALLOWED"


class CallFailed(Refused):
    """The other side did not answer as it should: not reachable, too slow, too much. ``milliseconds`` it took."""

    code = "CALL_FAILED"

    def __init__(self, message: str, milliseconds: int) -> None:
        super().__init__(message, milliseconds=milliseconds)
        self.milliseconds = milliseconds


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be called: names (with ``*.`` for anything below one) and networks."""

    names: tuple[str, ...] = ()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Allowed:
        """From a list with commas. Raises ``ValueError`` for an entry that is neither a name nor a network."""
        names, networks = [], []
        for entry in (part.strip().lower() for part in text.split(",")):
            if not entry:
                continue
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError:
                if not _NAME.fullmatch(entry.removeprefix("*.")) or _NUMERIC.fullmatch(entry):
                    raise ValueError(f"'{entry}' is neither a name nor a network") from None
                names.append(entry)
        return cls(tuple(names), tuple(networks))

    def has_name(self, host: str) -> bool:
        return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in self.names)

    def has_address(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the body up to a megabyte."""

    status: int
    body: bytes
    milliseconds: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Target:
    secure: bool
    host: str
    port: int
    path: str
    address: str


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Allowed,
    lookup: Lookup | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Send a body and read the answer, whatever its status. Raises what :func:`call` raises."""
    return call("POST", url, body=body, headers=headers, allowed=allowed, lookup=lookup, seconds=seconds)


def call(
    method: str,
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Allowed,
    lookup: Lookup | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """The same by any method; a ``GET`` sends no body.

    Raises :class:`CallNotAllowed` before anything is sent, :class:`CallFailed` when no whole answer comes in time.
    """
    began = time.monotonic()
    target = _checked(url, allowed, lookup or _lookup, seconds)
    connection = _Pinned(target, seconds)
    # A peer may send a byte a second for ever: the clock of one read is not the clock of the call.
    watchdog = threading.Timer(max(0.0, seconds - (time.monotonic() - began)), connection.abort)
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request(
            method, target.path, body or None, {**headers, "Accept-Encoding": "identity", "Connection": "close"}
        )
        response = connection.getresponse()
        content = response.read(MAX_BYTES + 1)
        if connection.aborted:
            raise TimeoutError
        if len(content) > MAX_BYTES:
            raise CallFailed(f"the answer is larger than {MAX_BYTES} bytes", _since(began))
        return Answer(response.status, content, _since(began), dict(response.getheaders()))
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.aborted or isinstance(error, TimeoutError):
            raise CallFailed(f"no answer within {seconds:g} seconds", _since(began)) from error
        raise CallFailed(f"no answer: {type(error).__name__}", _since(began)) from error
    finally:
        watchdog.cancel()
        connection.close()


def check(url: str, *, allowed: Allowed) -> None:
    """Refuse an address whose form or name is not allowed, without looking it up: for forms.

    Raises :class:`CallNotAllowed`.
    """
    _host(_parts(url), allowed)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _parts(url: str) -> SplitResult:
    if len(url) > MAX_URL or not url.isascii() or any(ord(sign) <= 32 or sign == "\\" for sign in url):
        raise CallNotAllowed("an address holds no blanks and at most 2000 plain characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise CallNotAllowed("this is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise CallNotAllowed("an address begins with https:// or http:// and a name")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise CallNotAllowed("an address holds no user, no password and no #")
    return parts


def _host(parts: SplitResult, allowed: Allowed) -> str:
    """The name or address asked for, where it can be allowed at all."""
    host = (parts.hostname or "").rstrip(".")
    try:
        literal: Address | None = ipaddress.ip_address(host)
    except ValueError:
        literal = None
    if literal is None and (_NUMERIC.fullmatch(host) or not _NAME.fullmatch(host)):
        raise CallNotAllowed(f"'{host}' is neither a name nor a plain address")
    if literal is not None:
        _check_address(literal, by_name=False, allowed=allowed, host=host)
    elif not allowed.has_name(host) and not allowed.networks:
        raise CallNotAllowed(f"'{host}' is not on the list of what may be called (WANDENG_OUTGOING)")
    return host


def _checked(url: str, allowed: Allowed, lookup: Lookup, seconds: float) -> _Target:
    parts = _parts(url)
    host = _host(parts, allowed)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = _found(lookup, host, port, seconds)
    for text in found:
        _check_address(
            ipaddress.ip_address(text.partition("%")[0]), by_name=allowed.has_name(host), allowed=allowed, host=host
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(secure, host, port, path, found[0])


def _check_address(address: Address, *, by_name: bool, allowed: Allowed, host: str) -> None:
    for seen in _meanings(address):
        if allowed.has_address(seen):
            continue
        if not by_name or not seen.is_global or seen.is_multicast or seen.is_reserved or seen.is_unspecified:
            raise CallNotAllowed(f"'{host}' leads to {address}, which is not on the list of what may be called")


def _meanings(address: Address) -> list[Address]:
    """An address and the one it stands for where it wraps another: all of them must be allowed."""
    inner: list[Address | None] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return [address.ipv4_mapped]
        inner += [address.sixtofour, address.teredo[1] if address.teredo else None]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


def _found(lookup: Lookup, host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. Looking up has no time limit of its own, so it gets one here."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lookup")
    try:
        found = list(pool.submit(lookup, host, port).result(timeout=seconds))
    except (OSError, LookupTimeout, UnicodeError) as error:
        raise CallFailed(f"the name '{host}' leads nowhere", round(seconds * 1000)) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    if not found:
        raise CallFailed(f"the name '{host}' leads nowhere", 0)
    return found


def _lookup(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _Pinned(http.client.HTTPConnection):
    """A connection to the checked address that speaks to the asked name: in ``Host`` and in the certificate."""

    def __init__(self, target: _Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target = target
        self.aborted = False

    def connect(self) -> None:
        raw = socket.create_connection((self._target.address, self._target.port), timeout=self.timeout)
        self.sock = raw
        if self._target.secure:
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self._target.host)
        if self.aborted:
            raise TimeoutError

    def abort(self) -> None:
        """Called by the watchdog from its own thread."""
        self.aborted = True
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
