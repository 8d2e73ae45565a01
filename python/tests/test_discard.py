"""Taking a file back: only the object that was uploaded, only by who has uploaded it, only for a time."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from conftest import SECRET, Make, ask, code, file, forgeries, later, send

from bucket_upload_signer import Caller, Rules, Signer, SignerError, StoredFile

HELLO = b"hello"
ETAG = "5d41402abc4b2a76b9719d911017c592"
ANN = Caller(user="ann", prefix="users/ann")
RULES = Rules(discard_expires="1h")
HOUR, DAY = 3600, 86_400


def upload(signer: Signer, caller: Caller = ANN, **fields: Any) -> dict[str, Any]:
    """Uploads a file as a page does. :returns: the answer to ``link``, and that to ``put``"""
    put = ask(signer, "put", caller, file=file(5, "a.txt", "text/plain"), **fields)
    assert send("PUT", put["url"], put["headers"], HELLO).status == 200
    return {**ask(signer, "link", caller, grant=put["grant"]), "put": put}


@pytest.fixture
def is_there(client: Any, bucket: str) -> Any:
    def is_there(key: str) -> bool:
        return bool(client.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"))

    return is_there


def test_what_was_uploaded_is_removed_and_gone_already_is_as_good(make: Make, is_there: Any) -> None:
    signer = make(rules=RULES)
    stored = upload(signer)
    assert is_there(stored["key"])
    for _ in range(2):
        assert ask(signer, "discard", ANN, grant=stored["discardGrant"]) == {"id": "0"}
        assert not is_there(stored["key"])


def test_what_was_uploaded_in_parts_is_removed(make: Make, is_there: Any) -> None:
    signer = make(rules=RULES)
    created = ask(signer, "create", ANN, file=file(5), signParts=1)
    part = created["parts"][0]
    assert send("PUT", part["url"], part["headers"], HELLO).status == 200
    done = ask(signer, "complete", ANN, grant=created["grant"])
    # Also by the grant that a later link brings, as once the first has ended.
    again = ask(signer, "link", ANN, grant=done["grant"])
    assert is_there(done["key"])
    assert ask(signer, "discard", ANN, grant=again["discardGrant"]) == {"id": "0"}
    assert not is_there(done["key"])
    assert ask(signer, "discard", ANN, grant=done["discardGrant"]) == {"id": "0"}


def test_nothing_is_removed_without_the_option(make: Make, is_there: Any) -> None:
    stored = upload(make(rules=RULES))
    plain = make(rules=Rules(receipt_expires="1h"))
    assert "discardGrant" not in upload(plain)
    assert code(ask(plain, "discard", ANN, grant=stored["discardGrant"])) == "unsupported-op"
    assert is_there(stored["key"])


def test_no_grant_comes_before_the_file_is_there(make: Make) -> None:
    signer = make(rules=RULES)
    put = ask(signer, "put", ANN, file=file(5))
    assert not {"discardGrant", "downloadUrl"} & put.keys()
    assert code(ask(signer, "link", ANN, grant=put["grant"])) == "upload-incomplete"


def test_each_other_grant_is_refused(make: Make, is_there: Any) -> None:
    signer = make(rules=RULES)
    stored, other = upload(signer), upload(signer)
    created = ask(signer, "create", ANN, file=file(5))
    grant = stored["discardGrant"]
    foreign = f"{other['discardGrant'].split('.')[0]}.{grant.split('.')[1]}"
    bad = [stored["put"]["grant"], created["grant"], foreign, stored["key"], *forgeries(grant)]
    for each in bad:
        assert code(ask(signer, "discard", ANN, grant=each)) == "invalid-grant", each
    assert code(ask(signer, "discard", ANN)) == "bad-request"
    # Nor is it good for anything else.
    for op in ("link", "status", "complete", "abort", "part", "parts"):
        said = code(ask(signer, op, ANN, grant=grant, partNumber=1))
        assert said == ("unsupported-op" if op == "status" else "invalid-grant"), op
    same = file(5, "a.txt", "text/plain")
    assert code(ask(signer, "put", ANN, file=same, grant=grant)) == "invalid-grant"
    # A key beside the grant changes nothing.
    assert ask(signer, "discard", ANN, grant=grant, key=other["key"]) == {"id": "0"}
    assert not is_there(stored["key"])
    assert is_there(other["key"])
    ask(signer, "abort", ANN, grant=created["grant"])


@pytest.mark.parametrize(
    "caller",
    [Caller(), Caller(user="bob", prefix="users/ann"), Caller(user="ann", prefix="users/bob")],
)
def test_it_is_the_users_own(make: Make, caller: Caller, is_there: Any) -> None:
    signer = make(rules=RULES)
    stored = upload(signer)
    assert code(ask(signer, "discard", caller, grant=stored["discardGrant"])) == "invalid-grant"
    assert is_there(stored["key"])


def test_it_is_of_the_bucket_and_of_the_secret(make: Make, client: Any, is_there: Any) -> None:
    stored = upload(make(rules=RULES))
    elsewhere = Signer(client, "another-bucket", secret=SECRET, rules=RULES)
    strange = make(rules=RULES, secret="another secret of enough characters")
    for signer in (elsewhere, strange):
        assert code(ask(signer, "discard", ANN, grant=stored["discardGrant"])) == "invalid-grant"
    renewed = make(rules=RULES, secret=["another secret of enough characters", SECRET])
    assert is_there(stored["key"])
    assert ask(renewed, "discard", ANN, grant=stored["discardGrant"]) == {"id": "0"}


def test_it_ends(make: Make, is_there: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = make(rules=RULES)
    stored = upload(signer)
    later(monkeypatch, HOUR + 60)
    refused = ask(signer, "discard", ANN, grant=stored["discardGrant"])["error"]
    assert refused == {"code": "invalid-grant", "message": "The grant has expired."}
    assert is_there(stored["key"])
    # Not with the upload's own grant either, once that has ended.
    later(monkeypatch, DAY + 60)
    assert code(ask(signer, "link", ANN, grant=stored["put"]["grant"])) == "invalid-grant"


@pytest.mark.parametrize("body", [HELLO, b"other"])
def test_what_was_stored_at_the_key_since_stays(
    make: Make, client: Any, bucket: str, is_there: Any, body: bytes
) -> None:
    """Also what the site has put there, and the same bytes: they have the same ETag."""
    signer = make(rules=RULES)
    stored = upload(signer)
    key = stored["key"]

    def modified() -> Any:
        return client.head_object(Bucket=bucket, Key=key)["LastModified"]

    before = modified()
    # The date has seconds.
    while modified() == before:
        client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="text/plain")
    refused = ask(signer, "discard", ANN, grant=stored["discardGrant"])["error"]
    assert refused == {"code": "invalid-grant", "message": "Another file is there by now."}
    assert is_there(key)


@contextmanager
def watched(client: Any, status: int = 0) -> Iterator[list[Any]]:
    """Notes what would remove objects, and answers it with a status, if there is one."""
    seen: list[Any] = []

    def handle(request: Any, **_: Any) -> Any:
        seen.append(request)
        answer = sys.modules[type(request).__module__].AWSResponse
        return answer(request.url, status, {}, _Empty()) if status else None

    client.meta.events.register("before-send.s3.DeleteObject", handle)
    yield seen
    client.meta.events.unregister("before-send.s3.DeleteObject", handle)


class _Empty:
    def stream(self, **_: Any) -> Iterator[bytes]:
        return iter(())


def test_the_bucket_may_compare_too(make: Make, client: Any, is_there: Any) -> None:
    signer = make(rules=RULES)
    stored = upload(signer)
    answers = {412: "invalid-grant", 403: "internal-error", 404: "", 204: ""}
    for status, said in answers.items():
        with watched(client, status) as seen:
            assert code(ask(signer, "discard", ANN, grant=stored["discardGrant"])) == said
        assert seen[0].headers["If-Match"] in (f'"{ETAG}"', f'"{ETAG}"'.encode())
    assert is_there(stored["key"])
    # A bucket that fails while it is looked at removes nothing.
    with watched(client) as seen:
        signer._settings.bucket._client = _Broken(client)
        assert code(ask(signer, "discard", ANN, grant=stored["discardGrant"])) == "internal-error"
    assert seen == []


class _Broken:
    def __init__(self, client: Any) -> None:
        self.exceptions = client.exceptions

    def head_object(self, **_: Any) -> None:
        raise TimeoutError


def test_one_version_is_removed_where_the_bucket_keeps_versions(client: Any) -> None:
    name = f"python-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    signer = Signer(client, name, secret=SECRET, rules=RULES)
    old = upload(signer)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    stored = upload(signer)
    key = stored["key"]
    newer = client.put_object(Bucket=name, Key=key, Body=HELLO, ContentType="text/plain")["VersionId"]

    def versions() -> list[str]:
        listed = client.list_object_versions(Bucket=name, Prefix=key)
        assert "DeleteMarkers" not in listed
        return [each["VersionId"] for each in listed.get("Versions", [])]

    assert len(versions()) == 2
    assert ask(signer, "discard", ANN, grant=stored["discardGrant"]) == {"id": "0"}
    assert versions() == [newer]
    # One from before there were versions is hidden by the removal.
    assert ask(signer, "discard", ANN, grant=old["discardGrant"]) == {"id": "0"}
    assert client.list_objects_v2(Bucket=name)["KeyCount"] == 1
    for kind in ("Versions", "DeleteMarkers"):
        for each in client.list_object_versions(Bucket=name)[kind]:
            client.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])
    client.delete_bucket(Bucket=name)


def test_the_hook_is_asked_first_and_routes_have_their_own(make: Make, is_there: Any) -> None:
    told: list[StoredFile] = []

    def on_discard(stored: StoredFile) -> None:
        told.append(stored)
        if len(told) == 1:
            raise SignerError("in-use", "The file is in use.")

    routes = {"note": Rules(discard_expires=3600, on_discard=on_discard), "other": Rules()}
    signer = make(routes=routes)
    stored = upload(signer, route="note")
    grant = stored["discardGrant"]
    said = ask(signer, "discard", ANN, grant=grant)["error"]
    assert said == {"code": "in-use", "message": "The file is in use."}
    assert is_there(stored["key"])
    assert ask(signer, "discard", ANN, grant=grant) == {"id": "0"}
    assert not is_there(stored["key"])
    assert told[1] == StoredFile(stored["key"], "a.txt", 5, "text/plain", ETAG, "note", ANN)
    assert "discardGrant" not in upload(signer, route="other")
    # A signer that has lost its routes takes none of their grants.
    assert code(ask(make(rules=RULES), "discard", ANN, grant=grant)) == "invalid-grant"


def test_what_a_tag_expires_is_kept_without_it(make: Make, client: Any, bucket: str) -> None:
    """As docs/python.md has it: the rule of the bucket is its own, the tag is ours."""
    signer = make(
        rules=Rules(discard_expires="1h", object_headers={"x-amz-tagging": "bucket-upload=unkept"})
    )
    stored = upload(signer)
    key = stored["key"]

    def tags() -> Any:
        return client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]

    assert tags() == [{"Key": "bucket-upload", "Value": "unkept"}]
    client.delete_object_tagging(Bucket=bucket, Key=key)
    assert tags() == []
    # It is the same object still.
    assert ask(signer, "discard", ANN, grant=stored["discardGrant"]) == {"id": "0"}
    with pytest.raises(client.exceptions.ClientError, match="NoSuchKey"):
        client.delete_object_tagging(Bucket=bucket, Key=key)


def test_it_has_a_time(make: Make) -> None:
    for wrong in (0, -1, "soon"):
        with pytest.raises(ValueError, match="duration"):
            Rules(discard_expires=wrong)
