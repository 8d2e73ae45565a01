from __future__ import annotations

import base64
import hashlib
import os
import uuid
from typing import Any

import pytest
from conftest import Make, ask, code, file, send

from bucket_upload_signer import Caller, Rules, Signer, StoredFile

MIB = 2**20
BYTES = os.urandom(11 * MIB)


def begin(
    signer: Signer, size: int = len(BYTES), caller: Caller | None = None, **fields: Any
) -> dict[str, Any]:
    wish = {"partSize": 5 * MIB, **fields}
    created = ask(signer, "create", caller or Caller(), file=file(size, "film.mp4", "video/mp4"), **wish)
    assert code(created) == "", created
    return created


def cut(part_size: int) -> list[bytes]:
    return [BYTES[at : at + part_size] for at in range(0, len(BYTES), part_size)]


def put_part(signer: Signer, grant: str, number: int, body: bytes, **fields: Any) -> int:
    signed = ask(signer, "part", grant=grant, partNumber=number, **fields)
    assert code(signed) == "", signed
    return send("PUT", signed["url"], signed["headers"], body).status


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def test_parts_become_one_object(make: Make) -> None:
    stored: list[StoredFile] = []
    signer = make(rules=Rules(on_uploaded=stored.append))
    created = begin(signer, signParts=2)
    assert created["partSize"] == 5 * MIB
    assert created["comparesParts"] is True
    pieces = cut(created["partSize"])
    for signed in created["parts"]:
        piece = pieces[signed["partNumber"] - 1]
        assert send("PUT", signed["url"], signed["headers"], piece).status == 200
    grant = created["grant"]
    assert code(ask(signer, "complete", grant=grant)) == "upload-incomplete"
    assert put_part(signer, grant, 3, pieces[2], md5=md5(pieces[2]), size=MIB) == 200
    listed = ask(signer, "parts", grant=grant, after=1)
    xml = send(listed["method"], listed["url"]).body
    assert xml.count(b"<Part>") == 2
    etags = [{"partNumber": at, "etag": hashlib.md5(it).hexdigest()} for at, it in enumerate(pieces, 1)]
    digests = [{"md5": md5(it)} for it in pieces]
    done = ask(signer, "complete", grant=grant, parts=etags, digests=digests)
    assert send("GET", done["downloadUrl"]).body == BYTES
    assert done["etag"].endswith("-3")
    # A lost answer is asked for again, and is the same.
    again = ask(signer, "complete", grant=grant)
    assert (again["key"], again["etag"]) == (done["key"], done["etag"])
    assert [each.key for each in stored] == [done["key"], done["key"]]
    # Its grant gives links, and signs no more writes.
    assert "downloadUrl" in ask(signer, "link", grant=done["grant"])
    same = file(len(BYTES), "film.mp4", "video/mp4")
    assert code(ask(signer, "put", file=same, grant=done["grant"])) == "invalid-grant"


def test_a_part_has_its_number_and_its_size(signer: Signer) -> None:
    created = begin(signer, size=10 * MIB + 5)
    grant = created["grant"]
    assert code(ask(signer, "part", grant=grant, partNumber=4)) == "bad-request"
    assert code(ask(signer, "part", grant=grant, partNumber=3, size=5 * MIB)) == "bad-request"
    assert put_part(signer, grant, 3, BYTES[:4]) == 403
    assert code(ask(signer, "put", file=file(1), grant=grant)) == "invalid-grant"
    ask(signer, "abort", grant=grant)


def test_other_parts_than_were_sent_are_not_put_together(signer: Signer) -> None:
    grant = begin(signer)["grant"]
    pieces = cut(5 * MIB)
    for number, piece in enumerate(pieces, 1):
        assert put_part(signer, grant, number, piece) == 200
    digests = [{"md5": md5(it)} for it in pieces]
    wrong = [digests[0], {"md5": md5(b"other")}, digests[2]]
    assert code(ask(signer, "complete", grant=grant, digests=wrong)) == "parts-differ"
    other = [{"partNumber": 1, "etag": '"0123"'}]
    assert code(ask(signer, "complete", grant=grant, parts=other)) == "parts-differ"
    # Where no ETag is an MD5, as with encryption, none is compared.
    unknown = [{"md5": md5(b"x")}] * 3
    assert code(ask(signer, "complete", grant=grant, digests=unknown)) == ""


def test_an_abort_removes_the_parts(signer: Signer) -> None:
    created = begin(signer, size=5, signParts=1)
    grant = created["grant"]
    assert ask(signer, "abort", grant=grant) == {"id": "0"}
    # That it is gone already is as good.
    assert ask(signer, "abort", grant=grant) == {"id": "0"}
    first = created["parts"][0]
    assert send("PUT", first["url"], first["headers"], BYTES[:5]).status == 404
    assert code(ask(signer, "complete", grant=grant)) == "upload-gone"


def test_each_try_of_one_file_is_one_upload(signer: Signer, client: Any, bucket: str) -> None:
    first = begin(signer, nonce="n" * 20)
    again = begin(signer, nonce="n" * 20, again=True)
    assert (again["key"], again["uploadId"]) == (first["key"], first["uploadId"])
    assert "n" * 20 not in first["key"]
    # Not for another file or user.
    assert begin(signer, size=6 * MIB, nonce="n" * 20, again=True)["key"] != first["key"]
    other = Caller(user="2")
    assert begin(signer, caller=other, nonce="n" * 20, again=True)["key"] != first["key"]


@pytest.mark.parametrize("end", ["complete", "abort"])
def test_a_create_that_comes_late_leaves_nothing(
    signer: Signer, client: Any, bucket: str, end: str
) -> None:
    created = begin(signer, size=3, nonce=uuid.uuid4().hex, again=True)
    key, grant = created["key"], created["grant"]
    # The first try, which was still under way.
    client.create_multipart_upload(Bucket=bucket, Key=key)
    assert put_part(signer, grant, 1, BYTES[:3]) == 200
    assert code(ask(signer, end, grant=grant)) == ""
    assert client.list_multipart_uploads(Bucket=bucket, Prefix=key).get("Uploads", []) == []


@pytest.mark.parametrize("length", [3, 5 * MIB + 3])
def test_a_stream_is_never_larger_than_its_limit(make: Make, length: int) -> None:
    signer = make(rules=Rules(max_size="6MiB"))
    created = ask(signer, "create", file={"name": "a.webm", "type": "video/webm"})
    part_size, grant = created["partSize"], created["grant"]
    assert (part_size, created["maxSize"]) == (5 * MIB, 6 * MIB)
    assert code(ask(signer, "part", grant=grant, partNumber=1)) == "bad-request"
    assert code(ask(signer, "part", grant=grant, partNumber=1, size=part_size + 1)) == "bad-request"
    assert code(ask(signer, "part", grant=grant, partNumber=2, size=MIB + 1)) == "bad-request"
    assert code(ask(signer, "part", grant=grant, partNumber=3, size=1)) == "bad-request"
    body = BYTES[:length]
    for number, at in enumerate(range(0, length, part_size), 1):
        piece = body[at : at + part_size]
        assert put_part(signer, grant, number, piece, size=len(piece)) == 200
    assert code(ask(signer, "complete", grant=grant)) == "bad-request"
    assert code(ask(signer, "complete", grant=grant, size=length + 1)) == "upload-incomplete"
    assert code(ask(signer, "complete", grant=grant, size=6 * MIB + 1)) == "too-large"
    done = ask(signer, "complete", grant=grant, size=length)
    assert send("GET", done["downloadUrl"]).body == body


def test_more_than_a_thousand_parts_are_listed(signer: Signer) -> None:
    """In pages, and without end where a marker does not advance."""
    bucket = signer._settings.bucket
    pages = {0: (1000, True), 1000: (1000, True), 2000: (2000, True)}

    def ask_page(_: str, PartNumberMarker: int, **__: Any) -> dict[str, Any]:
        following, is_truncated = pages[PartNumberMarker]
        parts = [{"PartNumber": PartNumberMarker + 1}]
        marker = PartNumberMarker + following if PartNumberMarker < 2000 else 2000
        return {"Parts": parts, "IsTruncated": is_truncated, "NextPartNumberMarker": marker}

    bucket.ask = ask_page
    assert [it["PartNumber"] for it in bucket.list_parts("k", "u")] == [1, 1001, 2001]


def test_an_upload_ends_with_the_limits_that_its_user_has_now(signer: Signer) -> None:
    grant = begin(signer)["grant"]
    narrow = Caller(max_size=MIB)
    assert code(ask(signer, "part", narrow, grant=grant, partNumber=1)) == "too-large"
    assert code(ask(signer, "complete", narrow, grant=grant)) == "too-large"
    ask(signer, "abort", grant=grant)
