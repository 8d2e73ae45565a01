"""Count uploads, for one signer or for many."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Callable, NamedTuple, Optional, Protocol

from .redis_scripts import ENDED, GIVE, KEEP, TAKE


class Amount(NamedTuple):
    """What an upload takes of one limit."""

    key: str
    """What is counted: the limit, and of whom."""
    amount: int
    """Bytes, or 1 for a file."""
    limit: int
    window: Optional[int]
    """Seconds after which it begins anew; ``None`` for never."""


class Refused(NamedTuple):
    """An upload that is too much."""

    position: int
    """Which of the amounts could not be taken."""
    retry_after: Optional[float]
    """Seconds until that limit begins anew; ``None`` if it never does."""


class Counter(Protocol):
    """Each upload has an id, by which it takes, keeps and gives back once, however often it is asked."""

    def take(self, id: str, amounts: Sequence[Amount], lease: int) -> Optional[Refused]:
        """Takes all amounts, or none. What has taken already takes nothing more; its lease is renewed.

        :param lease: seconds after which the upload is among those that have ``ended``
        """

    def keep(self, id: str) -> None:
        """Ends the lease: what was taken stays taken."""

    def give(self, id: str, if_ended: bool = False) -> None:
        """Gives back what was taken and not kept."""

    def ended(self, key: str, most: int) -> list[str]:
        """The ids of uploads whose leases have ended, the oldest first. They still count."""


@dataclass
class _Count:
    ends: float
    used: int = 0
    leases: dict[str, float] = field(default_factory=dict)


@dataclass
class _Claim:
    amounts: Sequence[Amount]
    ends: float
    forgotten: float
    state: str = "taken"


_FOREVER = float("inf")
_REMEMBERED = 3600
_BETWEEN_SWEEPS = 1000


class MemoryCounter:
    """Counts in the memory of this process: exact for one process, and gone when it ends.

    :param clock: seconds
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counts: dict[str, _Count] = {}
        self._claims: dict[str, _Claim] = {}
        self._takes = 0

    def take(self, id: str, amounts: Sequence[Amount], lease: int) -> Optional[Refused]:
        with self._lock:
            now = self._clock()
            self._sweep(now)
            claim = self._claims.get(id)
            if claim and claim.state == "taken":
                self._renew(id, claim, now + lease)
            if claim and claim.state != "given":
                return None
            for index, (key, amount, limit, _) in enumerate(amounts):
                count = self._count(key, now)
                if (count.used if count else 0) + amount > limit:
                    wait = count.ends - now if count else _FOREVER
                    is_never = amount > limit or wait == _FOREVER
                    return Refused(index, None if is_never else wait)
            windows = [each.window or _FOREVER for each in amounts]
            self._claims[id] = _Claim(amounts, now + lease, now + max(lease, *windows))
            for key, amount, _, window in amounts:
                count = self._count(key, now) or _Count(now + (window or _FOREVER))
                count.used += amount
                count.leases[id] = now + lease
                self._counts[key] = count
            return None

    def keep(self, id: str) -> None:
        with self._lock:
            self._end(id, "kept")

    def give(self, id: str, if_ended: bool = False) -> None:
        with self._lock:
            claim = self._claims.get(id)
            if claim and not (if_ended and claim.ends > self._clock()):
                self._end(id, "given")

    def ended(self, key: str, most: int) -> list[str]:
        with self._lock:
            now = self._clock()
            count = self._count(key, now)
            leases = count.leases.items() if count else ()
            over = sorted((ends, id) for id, ends in leases if ends <= now)
            return [id for _, id in over[:most]]

    def _count(self, key: str, now: float) -> Optional[_Count]:
        count = self._counts.get(key)
        return count if count and count.ends > now else None

    def _renew(self, id: str, claim: _Claim, ends: float) -> None:
        claim.ends = ends
        claim.forgotten = max(claim.forgotten, ends)
        for key, *_ in claim.amounts:
            count = self._count(key, self._clock())
            if count and count.leases.pop(id, None) is not None:
                count.leases[id] = ends

    def _end(self, id: str, state: str) -> None:
        claim = self._claims.get(id)
        if not claim or claim.state != "taken":
            return
        now = self._clock()
        claim.state, claim.forgotten = state, now + _REMEMBERED
        for key, amount, *_ in claim.amounts:
            count = self._count(key, now)
            # One that began anew knows nothing of it.
            if count and count.leases.pop(id, None) is not None and state == "given":
                count.used -= amount

    def _sweep(self, now: float) -> None:
        self._takes += 1
        if self._takes % _BETWEEN_SWEEPS == 0:
            self._counts = {key: it for key, it in self._counts.items() if it.ends > now}
            self._claims = {id: it for id, it in self._claims.items() if it.forgotten > now}


class RedisCounter:
    """Counts in Redis 6.2 or later, or in Valkey: exactly, for all signers that use the same one.

    Signers of ``createSigner`` can use the same one too. It must keep what it is told: switch
    ``appendonly`` on, and let ``maxmemory-policy`` be ``noeviction``.

    :param client: of ``redis.Redis(…)``, connected by you
    :param prefix: what all keys begin with; what is in braces keeps them in one slot of a cluster
    """

    def __init__(self, client: Any, prefix: str = "{bucket-upload}:") -> None:
        self._client = client
        self._prefix = prefix

    def take(self, id: str, amounts: Sequence[Amount], lease: int) -> Optional[Refused]:
        parts = [
            part
            for key, amount, limit, window in amounts
            for part in (key, amount, limit, (window or 0) * 1000)
        ]
        index, wait = self._run(TAKE, id, lease * 1000, *parts)
        return None if index == 0 else Refused(index - 1, None if wait < 0 else wait / 1000)

    def keep(self, id: str) -> None:
        self._run(KEEP, id)

    def give(self, id: str, if_ended: bool = False) -> None:
        self._run(GIVE, id, int(if_ended))

    def ended(self, key: str, most: int) -> list[str]:
        ids = self._run(ENDED, key, most)
        return [id.decode() if isinstance(id, bytes) else str(id) for id in ids]

    def _run(self, script: str, *args: Any) -> Any:
        return self._client.eval(script, 1, self._prefix, *args)
