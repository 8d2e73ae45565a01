"""How much may be uploaded, in a time or in all, by user, route or address."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Callable, NamedTuple, Optional, TypeVar
from urllib.parse import quote

from .amounts import Duration, Size, format_size, parse_duration, parse_size
from .bucket import Bucket, BucketError, log
from .counters import Amount, Counter, MemoryCounter, Refused
from .errors import SignerError
from .rules import Caller

T = TypeVar("T")

SENDING = 3600
"""Seconds that an upload in one piece may last beyond its URL, which is looked at when it begins."""

_LOOKED_UP = 32
"""How many uploads whose leases have ended are looked up at a time, where a limit is reached."""

_PAUSE = 5
"""When to come again where nothing can be counted, in seconds."""

_TIMES = {60: "a minute", 3600: "an hour", 86_400: "a day"}


@dataclass(frozen=True)
class Limit:
    """A limit on how much may be uploaded.

    >>> Limit(per=("user",), bytes="1GB", every="1d")
    """

    per: Sequence[str] = ()
    """Whose uploads are counted together: of a ``user``, by a ``route``, from an ``address``, or several
    of these. By default all together; callers without a user count as one."""
    route: Optional[str] = None
    """Only uploads by this route."""
    files: Optional[int] = None
    bytes: Optional[Size] = None
    every: Optional[Duration] = None
    """How long until it begins anew, from the first upload on. By default it never does."""

    def __post_init__(self) -> None:
        if isinstance(self.per, str) or not set(self.per) <= {"user", "route", "address"}:
            raise ValueError('"per" must be a list of "user", "route" and "address".')
        if self.files is None and self.bytes is None:
            raise ValueError('A limit limits nothing: set "files" or "bytes".')
        if self.bytes is not None:
            parse_size(self.bytes)
        if self.every is not None:
            parse_duration(self.every)


class Claim(NamedTuple):
    """An upload that is counted."""

    id: str
    """The same for each try of one upload."""
    key: str
    size: int
    """Bytes."""
    route: Optional[str]


class Limits:
    """Takes uploads of the limits when they are signed, and gives back what is never stored.

    :param limits: of the signer
    :param counter: counts; of this process if none is named
    :param bucket: asked what became of uploads of which nobody has said anything
    """

    def __init__(self, limits: Sequence[Limit], counter: Optional[Counter], bucket: Bucket) -> None:
        self._limits = limits
        self._counter = counter or MemoryCounter()
        self._bucket = bucket
        self.are_any = bool(limits)
        self.are_for_ever = any(limit.every is None for limit in limits)
        """Then each file has to be seen in the bucket, or be remembered for ever."""

    def take(self, claim: Claim, caller: Caller, lease: int) -> None:
        """Asked again for the same upload, it takes nothing more.

        :param lease: seconds until the bucket may be asked what became of the upload
        :raises SignerError: ``rate-limited``, with the seconds to wait, or ``quota-reached``
        """
        # A grant from before there were limits has no id.
        if not self.are_any or not claim.id:
            return
        amounts, words = self._amounts(claim, caller)

        def take() -> Optional[Refused]:
            return _counting(lambda: self._counter.take(self._id(claim), amounts, lease))

        refused = take()
        # As long as some of those that are in the way turn out to have come to nothing.
        while refused and self._look_up(amounts[refused.position].key):
            refused = take()
        if not refused:
            return
        said = f"The limit is reached: {words[refused.position]}."
        if refused.retry_after is None:
            raise SignerError("quota-reached", said)
        wait = max(1, math.ceil(refused.retry_after))
        said += f" Try again in {wait} {'second' if wait == 1 else 'seconds'}."
        raise SignerError("rate-limited", said, retry_after=wait)

    @contextmanager
    def taken(self, claim: Claim, caller: Caller, lease: int) -> Iterator[None]:
        """As :meth:`take`, for as long as nothing fails."""
        self.take(claim, caller, lease)
        try:
            yield
        except BaseException:
            self.give(claim)
            raise

    def keep(self, claim: Claim) -> None:
        """The upload is stored: what it took stays taken.

        A counter that is not told hears it from the bucket.
        """
        if not self.are_any or not claim.id:
            return
        try:
            self._counter.keep(self._id(claim))
        except Exception:
            log.exception("Uploads cannot be counted.")

    def give(self, claim: Claim) -> None:
        """The upload comes to nothing: what it took is given back.

        :raises SignerError: ``rate-limited`` where nothing can be counted: until its lease ends, nobody
            but another try of this call would give it back
        """
        if self.are_any and claim.id:
            _counting(lambda: self._counter.give(self._id(claim)))

    def give_unless_stored(self, claim: Claim) -> None:
        """For an abort: another call may have completed the upload just before."""
        if self.are_any and claim.id and self._is_stored(claim.key) is False:
            self.give(claim)

    def _amounts(self, claim: Claim, caller: Caller) -> tuple[list[Amount], list[str]]:
        amounts, words = [], []
        for limit in self._limits:
            if limit.route not in (None, claim.route):
                continue
            window = None if limit.every is None else parse_duration(limit.every)
            time = "" if window is None else f" {_TIMES.get(window, f'in {window} seconds')}"
            if limit.files is not None:
                noun = "file" if limit.files == 1 else "files"
                key = _key("files", limit, window, claim, caller)
                amounts.append(Amount(key, 1, limit.files, window))
                words.append(f"{limit.files} {noun}{time}")
            if limit.bytes is not None:
                most = parse_size(limit.bytes)
                key = _key("bytes", limit, window, claim, caller)
                amounts.append(Amount(key, claim.size, most, window))
                words.append(f"{format_size(most)}{time}")
        return amounts, words

    def _id(self, claim: Claim) -> str:
        return f"{claim.id} {self._bucket.endpoint} {self._bucket.name} {claim.key}"

    def _look_up(self, key: str) -> bool:
        """Asks the bucket about uploads whose leases have ended. :returns: whether some were given back"""
        found = False
        for id in _counting(lambda: self._counter.ended(key, _LOOKED_UP)):
            _, endpoint, name, object_key = id.split(" ", 3)
            if (endpoint, name) != (self._bucket.endpoint, self._bucket.name):
                continue
            is_stored = self._is_stored(object_key)
            if is_stored:
                _counting(lambda: self._counter.keep(id))  # noqa: B023
            if is_stored is False:
                # In the meantime it may have been signed anew.
                _counting(lambda: self._counter.give(id, True))  # noqa: B023
                found = True
        return found

    def _is_stored(self, key: str) -> Optional[bool]:
        """``None`` where the bucket does not tell."""
        try:
            return self._bucket.head(key) is not None
        except BucketError:
            return None


def _key(counts: str, limit: Limit, window: Optional[int], claim: Claim, caller: Caller) -> str:
    """All that makes it another limit but how much there is: a limit that is raised begins not anew."""
    values = {"user": caller.user, "route": claim.route, "address": caller.address}
    parts: list[tuple[str, Optional[str]]] = [(counts, "in-all" if window is None else str(window))]
    if limit.route is not None:
        parts.append(("only", limit.route))
    for each in ("user", "route", "address"):
        if each in limit.per:
            parts.append((each, _network(values[each]) if each == "address" else values[each]))
    # No user, which is nothing, is kept apart from each text.
    return "&".join(name if value is None else f"{name}={quote(value, safe='')}" for name, value in parts)


def _network(address: Optional[str]) -> str:
    """One caller: an address of IPv4, or the first 64 bits of one of IPv6. See RFC 6177."""
    if address is None:
        raise ValueError('A limit counts by address, and the caller has no "address".')
    ip = ipaddress.ip_address(address.split("%")[0].strip())
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
    return str(ip)


def _counting(run: Callable[[], T]) -> T:
    """Nothing is signed that is not counted.

    :raises SignerError: ``rate-limited``
    """
    try:
        return run()
    except Exception:
        log.exception("Uploads cannot be counted.")
        said = f"Uploads cannot be counted at the moment. Try again in {_PAUSE} seconds."
        raise SignerError("rate-limited", said, retry_after=_PAUSE) from None
