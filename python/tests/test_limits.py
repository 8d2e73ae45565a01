from __future__ import annotations

import json
import os
import threading
import time
import uuid
from typing import Any, Callable

import pytest
from conftest import Make, ask, call, code, file, send

from bucket_upload_signer import Amount, Caller, Counter, Limit, MemoryCounter, RedisCounter, Refused, Rules

REDIS = os.environ.get("BUCKET_UPLOAD_TEST_REDIS")


class Clock:
    """A clock that can be put on; that of Redis has to be waited for."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


Tried = tuple[Counter, Callable[[float], None]]


@pytest.fixture(params=["memory", "redis"])
def tried(request: pytest.FixtureRequest) -> Tried:
    """A counter, and what lets seconds pass."""
    if request.param == "redis":
        if REDIS is None:
            pytest.skip("needs redis-server")
        redis = pytest.importorskip("redis")
        return RedisCounter(redis.Redis.from_url(REDIS), prefix=f"{uuid.uuid4()}:"), time.sleep
    clock = Clock()

    def wait(seconds: float) -> None:
        clock.now += seconds

    return MemoryCounter(clock), wait


def files(limit: int, window: int | None = None) -> Amount:
    return Amount("f", 1, limit, window)


def test_takes_all_or_nothing(tried: Tried) -> None:
    counter, _ = tried
    assert counter.take("a", [files(2), Amount("b", 60, 100, None)], 60) is None
    assert counter.take("b", [files(2), Amount("b", 41, 100, None)], 60) == Refused(1, None)
    assert counter.take("c", [files(2), Amount("b", 40, 100, None)], 60) is None
    assert counter.take("d", [files(2)], 60) == Refused(0, None)


def test_takes_once_for_one_id_and_gives_back_once(tried: Tried) -> None:
    counter, _ = tried
    for _ in range(3):
        assert counter.take("a", [files(2)], 60) is None
    assert counter.take("b", [files(2)], 60) is None
    counter.give("a")
    counter.give("a")
    assert counter.take("c", [files(2)], 60) is None
    assert counter.take("d", [files(2)], 60) is not None
    counter.keep("b")
    counter.give("b")
    assert counter.take("b", [files(2)], 60) is None
    assert counter.take("d", [files(2)], 60) is not None


def test_begins_anew_when_the_time_is_over(tried: Tried) -> None:
    counter, wait = tried
    counter.take("a", [files(1, 2)], 60)
    refused = counter.take("b", [files(1, 2)], 60)
    assert refused is not None
    assert refused.retry_after is not None
    assert 0 < refused.retry_after <= 2
    wait(2.1)
    assert counter.take("b", [files(1, 2)], 60) is None
    # What belongs to a time that is over is forgotten.
    counter.give("a")
    assert counter.take("c", [files(1, 2)], 60) is not None


def test_names_the_leases_that_have_ended(tried: Tried) -> None:
    counter, wait = tried
    counter.take("a", [files(3)], 1)
    counter.take("b", [files(3)], 1)
    counter.take("c", [files(3)], 60)
    assert counter.ended("f", 10) == []
    wait(1.1)
    assert counter.ended("f", 10) == ["a", "b"]
    assert counter.ended("f", 1) == ["a"]
    counter.take("a", [files(3)], 60)
    counter.give("a", True)
    counter.give("c", True)
    counter.give("b", True)
    assert counter.take("d", [files(3)], 60) is None
    assert counter.take("e", [files(3)], 60) is not None


def test_is_exact_with_many_at_a_time(tried: Tried) -> None:
    counter, _ = tried
    taken: list[Any] = []

    def take(at: int) -> None:
        taken.extend(counter.take(f"{at} {each}", [files(50)], 60) for each in range(10))

    threads = [threading.Thread(target=take, args=[at]) for at in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert taken.count(None) == 50


def test_a_user_gets_no_more_than_the_limit(make: Make) -> None:
    signer = make(limits=[Limit(per=["user"], files=2, bytes="2kB", every="1d")])
    mine, other = Caller(user="1"), Caller(user="2")
    first = ask(signer, "put", mine, file=file(1000))
    assert call(signer, {"op": "put", "file": file(1001)}, caller=mine).status == 429
    # Asked again for the same upload, nothing more is taken.
    for _ in range(3):
        assert ask(signer, "put", mine, file=file(1000), grant=first["grant"])["key"] == first["key"]
    assert code(ask(signer, "put", mine, file=file(1000))) == ""
    assert call(signer, {"op": "put", "file": file(0)}, caller=mine).status == 429
    assert code(ask(signer, "put", other, file=file(2000))) == ""


def test_a_call_of_which_all_is_too_much_has_a_status(make: Make) -> None:
    signer = make(limits=[Limit(files=1, every="1m")])
    put = {"op": "put", "file": file(1)}
    some = json.loads(call(signer, put, put).body)["responses"]
    assert [code(each) for each in some] == ["", "rate-limited"]
    refused = call(signer, put)
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "1 file a minute" in json.loads(refused.body)["error"]["message"]


def test_what_is_aborted_is_given_back_and_what_is_stored_is_not(make: Make) -> None:
    signer = make(limits=[Limit(files=1)])
    created = ask(signer, "create", file=file(3))
    assert code(ask(signer, "create", file=file(3))) == "quota-reached"
    ask(signer, "abort", grant=created["grant"])
    created = ask(signer, "create", file=file(3))
    part = ask(signer, "part", grant=created["grant"], partNumber=1)
    assert send("PUT", part["url"], part["headers"], b"abc").status == 200
    assert code(ask(signer, "complete", grant=created["grant"])) == ""
    ask(signer, "abort", grant=created["grant"])
    assert code(ask(signer, "create", file=file(3))) == "quota-reached"


def test_what_fails_is_given_back(make: Make) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    limits = [Limit(files=1)]
    counter = MemoryCounter()
    failing = make(limits=limits, counter=counter, rules=Rules(on_signed=fail))
    assert code(ask(failing, "put", file=file(1))) == "internal-error"
    assert code(ask(make(limits=limits, counter=counter), "put", file=file(1))) == ""


def test_what_comes_to_nothing_is_told_again(make: Make) -> None:
    class Interrupted(MemoryCounter):
        """Its connection breaks once."""

        def give(self, id: str, if_ended: bool = False) -> None:
            if id not in seen:
                seen.append(id)
                raise ConnectionError
            super().give(id, if_ended)

    def fail(*_: Any) -> None:
        raise RuntimeError

    seen: list[str] = []
    limits = [Limit(files=1)]
    counter = Interrupted()
    failing = make(limits=limits, counter=counter, rules=Rules(on_signed=fail))
    create = {"op": "create", "file": file(1), "nonce": "n" * 16}
    assert call(failing, create).status == 429
    assert code(ask(failing, **create)) == "internal-error"
    assert code(ask(make(limits=limits, counter=counter), "put", file=file(1))) == ""


def test_the_bucket_tells_what_became_of_the_others(make: Make) -> None:
    clock = Clock()
    signer = make(limits=[Limit(files=2)], counter=MemoryCounter(clock))
    stored, left = ask(signer, "put", file=file(3)), ask(signer, "put", file=file(3))
    assert send("PUT", stored["url"], stored["headers"], b"abc").status == 200
    assert code(ask(signer, "put", file=file(3))) == "quota-reached"
    clock.now += 900 + 3600 + 1
    # One was never stored, and nobody has said so: its place is free now, and that of the other is not.
    assert code(ask(signer, "put", file=file(3))) == ""
    assert code(ask(signer, "put", file=file(3))) == "quota-reached"
    assert "downloadUrl" not in left


def test_nothing_is_signed_that_is_not_counted(make: Make) -> None:
    class Broken(MemoryCounter):
        def take(self, *_: Any) -> Refused | None:
            raise ConnectionError

    signer = make(limits=[Limit(files=1)], counter=Broken())
    assert call(signer, {"op": "put", "file": file(1)}).status == 429


def test_addresses_are_counted_by_their_networks(make: Make) -> None:
    signer = make(limits=[Limit(per=["address"], files=1, every="1d")])
    put = {"op": "put", "file": file(1)}

    def status(address: str) -> int:
        return call(signer, put, caller=Caller(address=address)).status

    assert status("192.0.2.1") == 200
    assert status("::ffff:192.0.2.1") == 429
    assert status("192.0.2.2") == 200
    assert status("2001:db8::1") == 200
    assert status("2001:db8::ffff") == 429
    assert status("2001:db8:0:1::1") == 200
