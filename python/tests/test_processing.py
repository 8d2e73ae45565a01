"""What a site does with a file after its upload, and what its page gets to know of that."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable

import pytest
from conftest import Make, ask, code, file, forgeries, later, send

from bucket_upload_signer import Caller, Done, Processing, Rules, Signer, SignerError, StoredFile

HELLO = b"hello"
ETAG = "5d41402abc4b2a76b9719d911017c592"
FILM = file(5, "film.mp4", "video/mp4")
ANN = Caller(user="ann")
DAY = 86_400


class Site:
    """What the hooks return at the moment, and what they were asked."""

    def __init__(self) -> None:
        self.uploaded: Any = Processing(id="job 7", progress=0)
        self.status: Any = None
        self.told = 0
        self.asked: list[tuple[StoredFile, str]] = []

    def on_uploaded(self, _: StoredFile) -> Any:
        self.told += 1
        return self.uploaded

    def ask_status(self, stored: StoredFile, id: str) -> Any:
        self.asked.append((stored, id))
        if isinstance(self.status, Exception):
            raise self.status
        return self.status


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def signer(make: Make, site: Site) -> Signer:
    return make(rules=Rules(on_uploaded=site.on_uploaded, status=site.ask_status))


def put(signer: Signer, **fields: Any) -> str:
    """Uploads a film in one piece. :returns: the grant"""
    signed = ask(signer, "put", ANN, file=FILM, **fields)
    assert send("PUT", signed["url"], signed["headers"], HELLO).status == 200
    return str(signed["grant"])


def begin(signer: Signer) -> dict[str, Any]:
    """Uploads a film that is then processed."""
    answer = ask(signer, "link", ANN, grant=put(signer))
    assert answer["processing"] == {"progress": 0}
    assert not {"downloadUrl", "discardGrant"} & answer.keys()
    return answer


def send_in_parts(signer: Signer) -> dict[str, Any]:
    created = ask(signer, "create", ANN, file=FILM, signParts=1)
    part = created["parts"][0]
    assert send("PUT", part["url"], part["headers"], HELLO).status == 200
    return ask(signer, "complete", ANN, grant=created["grant"])


def test_data_comes_with_the_link(signer: Signer, site: Site) -> None:
    site.uploaded = Done(data={"id": 7, "tags": ["film", None]})
    for answer in (ask(signer, "link", ANN, grant=put(signer)), send_in_parts(signer)):
        assert answer["data"] == {"id": 7, "tags": ["film", None]}
        assert send("GET", answer["downloadUrl"]).body == HELLO


def test_a_link_of_the_sites_own_takes_the_place_of_ours(signer: Signer, site: Site) -> None:
    site.uploaded = Done(link="https://cdn.example/7")
    answer = ask(signer, "link", ANN, grant=put(signer))
    assert answer["downloadUrl"] == "https://cdn.example/7"
    assert "downloadExpiresAt" not in answer


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Done(data="x" * 8191),
        lambda: Done(data=float("nan")),
        lambda: Done(data={1, 2}),
        lambda: Processing(data=print),
        lambda: Done(link="javascript:alert(1)"),
        lambda: Done(link="/films/7"),
        lambda: Done(link="https://"),
        lambda: Processing(id="x" * 1025),
        lambda: Processing(id=7),  # type: ignore[arg-type]
        lambda: Processing(progress=40),
        lambda: Processing(progress=-1),
        lambda: Processing(progress=float("nan")),
    ],
)
def test_what_no_page_could_take_is_refused_where_it_is_made(wrong: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r'"(data|link|id|progress)" must be'):
        wrong()


@pytest.mark.parametrize("slip", [{"processing": True}, True, 7, Done(key="elsewhere")])
def test_a_hook_that_returns_something_else_is_a_fault(
    signer: Signer, site: Site, slip: Any, caplog: pytest.LogCaptureFixture
) -> None:
    site.uploaded = slip
    grant = put(signer)
    assert code(ask(signer, "link", ANN, grant=grant)) == "internal-error"
    assert '"on_uploaded" returned' in caplog.text


def test_there_is_no_link_before_it_is_done(signer: Signer, site: Site) -> None:
    answer = begin(signer)
    key, grant = answer["key"], answer["grant"]
    site.status = Processing(progress=0.4)
    going = ask(signer, "status", ANN, grant=grant)
    assert going == {"id": "0", "key": key, "processing": {"progress": 0.4}}
    site.status = None
    assert ask(signer, "link", ANN, grant=grant) == {"id": "0", "key": key, "processing": {}}
    assert site.asked[0] == (StoredFile(key, "film.mp4", 5, "video/mp4", ETAG, None, ANN), "job 7")
    site.status = Done(data={"seconds": 12})
    done = ask(signer, "status", ANN, grant=grant)
    assert send("GET", done["downloadUrl"]).body == HELLO
    assert done["data"] == {"seconds": 12}
    assert site.told == 1


def test_it_begins_with_complete_for_an_upload_in_parts(signer: Signer, site: Site) -> None:
    begun = send_in_parts(signer)
    assert begun["processing"] == {"progress": 0}
    assert "downloadUrl" not in begun
    assert code(ask(signer, "status", ANN, grant=begun["grant"])) == ""
    site.status = Done()
    assert "downloadUrl" in ask(signer, "status", ANN, grant=begun["grant"])


def test_it_ends_with_the_sites_link_or_with_the_file_elsewhere(
    signer: Signer, site: Site, bucket: str
) -> None:
    grant = begin(signer)["grant"]
    end = datetime(2030, 1, 1, tzinfo=timezone.utc)
    site.status = Done(link="https://cdn.example/7.m3u8", link_expires_at=end)
    for op in ("status", "link"):
        done = ask(signer, op, ANN, grant=grant)
        assert done["downloadUrl"] == "https://cdn.example/7.m3u8"
        assert done["downloadExpiresAt"] == "2030-01-01T00:00:00Z"
    site.status = Done(key="clean/film.mp4")
    done = ask(signer, "status", ANN, grant=grant)
    assert done["key"] == "clean/film.mp4"
    assert f"/{bucket}/clean/film.mp4?" in done["downloadUrl"]
    site.status = Done(key="clean/../film.mp4")
    assert code(ask(signer, "status", ANN, grant=grant)) == "invalid-key"


def test_it_fails_with_the_sentence_of_the_site(signer: Signer, site: Site) -> None:
    grant = begin(signer)["grant"]
    site.status = SignerError("refused", "This file has a virus.")
    for op in ("status", "link"):
        said = ask(signer, op, ANN, grant=grant)["error"]
        assert said == {"code": "refused", "message": "This file has a virus."}
    # What the site did not mean says nothing of itself, and is asked again.
    site.status = RuntimeError("the password of the queue")
    said = ask(signer, "status", ANN, grant=grant)["error"]
    assert said["code"] == "internal-error"
    assert "password" not in said["message"]


def test_nobody_else_is_told_and_only_by_the_grant_of_it(
    signer: Signer, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = put(signer)
    grant = begin(signer)["grant"]
    created = ask(signer, "create", ANN, file=FILM)
    for other in (Caller(), Caller(user="bob"), Caller(user="ann", prefix="users/ann")):
        for op in ("status", "link"):
            assert code(ask(signer, op, other, grant=grant)) == "invalid-grant"
    for bad in (early, created["grant"], *forgeries(grant)):
        assert code(ask(signer, "status", ANN, grant=bad)) == "invalid-grant", bad
    assert code(ask(signer, "status", ANN)) == "bad-request"
    # It stores nothing, and removes nothing.
    for op in ("put", "part", "parts", "complete", "abort"):
        assert code(ask(signer, op, ANN, grant=grant, file=FILM, partNumber=1)) == "invalid-grant", op
    assert code(ask(signer, "discard", ANN, grant=grant)) == "unsupported-op"
    assert site.asked == []
    later(monkeypatch, 6 * DAY)
    assert code(ask(signer, "status", ANN, grant=grant)) == ""
    later(monkeypatch, 8 * DAY)
    assert code(ask(signer, "status", ANN, grant=grant)) == "invalid-grant"
    ask(signer, "abort", ANN, grant=created["grant"])


def test_it_needs_somebody_to_ask(make: Make, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    without = make(rules=Rules(on_uploaded=site.on_uploaded))
    grant = put(without)
    assert code(ask(without, "link", ANN, grant=grant)) == "internal-error"
    assert '"status" must say how far that is' in caplog.text
    assert code(ask(without, "status", ANN, grant=grant)) == "unsupported-op"


def test_it_is_of_the_route_of_the_file(make: Make, site: Site) -> None:
    site.uploaded, site.status = Processing(), Done()
    film = Rules(on_uploaded=site.on_uploaded, status=site.ask_status)
    signer = make(routes={"film": film, "photo": Rules()})
    begun = ask(signer, "link", ANN, grant=put(signer, route="film"))
    assert begun["processing"] == {}
    assert "downloadUrl" in ask(signer, "status", ANN, grant=begun["grant"])
    assert [(stored.route, id) for stored, id in site.asked] == [("film", "")]


def test_a_long_id_fits_into_its_grant(make: Make, site: Site) -> None:
    """With the longest key and name, in four bytes a character, it is no longer than a grant may be."""
    site.uploaded = Processing(id="🎞" * 1024)
    rules = Rules(
        key=lambda it: f"{it.id}/{'🎞' * 247}", on_uploaded=site.on_uploaded, status=site.ask_status
    )
    signer = make(rules=rules)
    signed = ask(signer, "put", ANN, file=file(5, "🎞" * 200, "video/mp4"))
    assert send("PUT", signed["url"], signed["headers"], HELLO).status == 200
    grant = ask(signer, "link", ANN, grant=signed["grant"])["grant"]
    assert len(grant) > 6000
    assert code(ask(signer, "status", ANN, grant=grant)) == ""
    assert site.asked[0][1] == "🎞" * 1024


class TestTakingBack:
    """Once the work is over, if what was uploaded is still there."""

    @pytest.fixture
    def signer(self, make: Make, site: Site) -> Signer:
        hooks = {"on_uploaded": site.on_uploaded, "status": site.ask_status}
        return make(rules=Rules(discard_expires="1h", **hooks))

    def test_it_is_possible_when_it_is_done(
        self, signer: Signer, site: Site, client: Any, bucket: str
    ) -> None:
        begun = begin(signer)
        assert "discardGrant" not in ask(signer, "status", ANN, grant=begun["grant"])
        site.status = Done()
        grants = [ask(signer, op, ANN, grant=begun["grant"])["discardGrant"] for op in ("status", "link")]
        assert code(ask(signer, "discard", ANN, grant=begun["grant"])) == "invalid-grant"
        assert code(ask(signer, "status", ANN, grant=grants[0])) == "invalid-grant"
        for grant in grants:
            assert ask(signer, "discard", ANN, grant=grant) == {"id": "0"}
        assert "Contents" not in client.list_objects_v2(Bucket=bucket, Prefix=begun["key"])

    def test_it_is_not_if_the_file_was_moved(self, signer: Signer, site: Site) -> None:
        grant = begin(signer)["grant"]
        site.status = Done(key="films/film.mp4")
        assert "discardGrant" not in ask(signer, "status", ANN, grant=grant)

    @pytest.mark.parametrize("body", [b"other", None])
    def test_it_is_not_if_something_else_or_nothing_is_there(
        self, signer: Signer, site: Site, client: Any, bucket: str, body: Any
    ) -> None:
        begun = begin(signer)
        if body is None:
            client.delete_object(Bucket=bucket, Key=begun["key"])
        else:
            client.put_object(Bucket=bucket, Key=begun["key"], Body=body)
        site.status = Done()
        done = ask(signer, "status", ANN, grant=begun["grant"])
        assert "downloadUrl" in done
        assert "discardGrant" not in done

    def test_it_is_not_later_than_for_another_file(
        self, signer: Signer, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grant = begin(signer)["grant"]
        site.status = Done()
        later(monkeypatch, DAY - 60)
        assert "discardGrant" in ask(signer, "status", ANN, grant=grant)
        later(monkeypatch, DAY + 60)
        done = ask(signer, "status", ANN, grant=grant)
        assert "downloadUrl" in done
        assert "discardGrant" not in done
