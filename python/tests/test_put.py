from __future__ import annotations

import base64
import hashlib
import os
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from conftest import SECRET, Make, ask, code, file, later, send

from bucket_upload_signer import (
    Caller,
    NewFile,
    Rules,
    Signer,
    SignerError,
    StoredFile,
    key_with_path,
)

BYTES = os.urandom(1000)


def test_a_file_is_stored_and_comes_back(signer: Signer) -> None:
    signed = ask(signer, "put", file=file(1000, "Größe & 1.jpg"))
    assert signed["method"] == "PUT"
    assert send("PUT", signed["url"], signed["headers"], BYTES).status == 200
    got = send("GET", signed["downloadUrl"])
    assert got.body == BYTES
    assert got.headers["Content-Type"] == "image/jpeg"
    assert "filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%26%201.jpg" in got.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/html"}, BYTES),
        ({}, BYTES + b"x"),
        ({"x-amz-acl": "public-read"}, BYTES),
    ],
)
def test_the_bucket_takes_nothing_else(signer: Signer, headers: dict[str, str], body: bytes) -> None:
    signed = ask(signer, "put", file=file(1000))
    assert send("PUT", signed["url"], {**signed["headers"], **headers}, body).status == 403


def test_no_copy_of_another_object_can_be_made(signer: Signer, bucket: str) -> None:
    first = ask(signer, "put", file=file(1000))
    assert send("PUT", first["url"], first["headers"], BYTES).status == 200
    second = ask(signer, "put", file=file(1000))
    source = {"x-amz-copy-source": f"/{bucket}/{first['key']}"}
    reply = send("PUT", second["url"], {**second["headers"], **source}, BYTES)
    assert b"CopyObjectResult" not in reply.body


def test_a_damaged_file_is_refused_by_its_md5(signer: Signer) -> None:
    md5 = base64.b64encode(hashlib.md5(BYTES).digest()).decode()
    signed = ask(signer, "put", file=file(1000), md5=md5)
    assert signed["headers"]["Content-MD5"] == md5
    assert send("PUT", signed["url"], signed["headers"], BYTES[::-1]).status == 400
    assert send("PUT", signed["url"], signed["headers"], BYTES).status == 200
    assert code(ask(signer, "put", file=file(1000), md5="AAAA")) == "bad-request"


def test_a_checksum_that_is_needed_is_asked_for_and_signed(make: Make) -> None:
    signer = make(rules=Rules(checksum="sha256"))
    refused = ask(signer, "put", file=file(1000))
    assert refused["error"]["code"] == "checksum-needed"
    assert refused["error"]["checksum"] == "sha256"
    digest = base64.b64encode(hashlib.sha256(BYTES).digest()).decode()
    signed = ask(signer, "put", file=file(1000), sha256=digest)
    assert signed["headers"]["x-amz-checksum-sha256"] == digest
    assert "x-amz-checksum-sha256" in parse_qs(urlsplit(signed["url"]).query)["X-Amz-SignedHeaders"][0]


def test_a_form_stores_just_this_file(make: Make) -> None:
    signer = make(has_forms=True)
    signed = ask(signer, "put", file=file(1000), form=True)
    assert signed["method"] == "POST"

    def post(body: bytes, **changed: str) -> int:
        fields = {**signed["fields"], **changed}
        lines = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        start = "".join(lines) + '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        form = start.encode() + body + b"\r\n--b--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        return send("POST", signed["url"], kind, form).status

    assert post(BYTES + b"x") >= 400
    assert post(BYTES, **{"Content-Type": "text/html"}) == 403
    assert post(BYTES, key="other") == 403
    assert post(BYTES) == 201
    assert send("GET", signed["downloadUrl"]).body == BYTES


def test_a_form_never_leaves_the_name_open(make: Make) -> None:
    signer = make(has_forms=True, rules=Rules(key=lambda file: f"{file.id}/{file.given_name}"))
    signed = ask(signer, "put", file=file(1, "${filename}"), form=True)
    assert (code(signed), signed["method"]) == ("", "PUT")


def test_a_page_is_saved_and_never_shown(make: Make) -> None:
    signer = make(disposition="inline")
    signed = ask(signer, "put", file=file(1000, "a.html", "text/html"))
    assert signed["headers"]["Content-Disposition"].startswith("attachment")
    assert "attachment" in signed["downloadUrl"]
    assert "inline" in ask(signer, "put", file=file(1000))["downloadUrl"]


def test_limits_of_size_and_type(make: Make) -> None:
    signer = make(rules=Rules(accept="image/*,.pdf", min_size=10, max_size="1kB"))
    assert code(ask(signer, "put", file=file(1001))) == "too-large"
    assert code(ask(signer, "put", file=file(9))) == "too-small"
    assert (
        code(ask(signer, "put", file=file(10, "a.exe", "application/x-msdownload"))) == "type-not-allowed"
    )
    assert code(ask(signer, "put", file=file(1000))) == ""
    narrow = Caller(max_size=500, accept=["image/png"])
    assert code(ask(signer, "put", narrow, file=file(501, "a.png", "image/png"))) == "too-large"
    assert code(ask(signer, "put", narrow, file=file(500))) == "type-not-allowed"
    # They can never widen the rules.
    assert code(ask(signer, "put", Caller(max_size="1GB"), file=file(1001))) == "too-large"


def test_a_grant_signs_the_same_file_again(make: Make) -> None:
    signer = make()
    first = ask(signer, "put", file=file(1000), meta={"album": "7"})
    again = {"grant": first["grant"], "meta": {"album": "7"}}
    assert ask(signer, "put", file=file(1000), **again)["key"] == first["key"]
    assert code(ask(signer, "put", file=file(1001), **again)) == "invalid-grant"
    assert code(ask(signer, "put", file=file(1000, type="image/png"), **again)) == "invalid-grant"
    assert code(ask(signer, "put", file=file(1000), grant=first["grant"])) == "invalid-grant"
    # After the secret was replaced, too.
    renewed = make(secret=["another secret of enough characters", SECRET])
    assert ask(renewed, "put", file=file(1000), **again)["key"] == first["key"]


def test_a_grant_is_its_users(signer: Signer) -> None:
    mine = Caller(user="1", prefix="users/1")
    first = ask(signer, "put", mine, file=file(1000))
    assert first["key"].startswith("users/1/")
    for other in (Caller(user="2", prefix="users/1"), Caller(), Caller(user="1", prefix="users/2")):
        assert code(ask(signer, "link", other, grant=first["grant"])) == "invalid-grant"
    assert "downloadUrl" in ask(signer, "link", mine, grant=first["grant"])


def test_a_grant_ends(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = ask(signer, "put", file=file(1000))["grant"]
    later(monkeypatch, 86_399)
    assert code(ask(signer, "link", grant=grant)) == ""
    later(monkeypatch, 86_401)
    assert code(ask(signer, "link", grant=grant)) == "invalid-grant"


def test_links_by_key_only_below_the_prefix(signer: Signer) -> None:
    mine = Caller(user="1", prefix="users/1")
    assert "downloadUrl" in ask(signer, "link", mine, key="users/1/a.txt")
    for key in ("users/2/a.txt", "users/11/a.txt", "a.txt", ""):
        assert code(ask(signer, "link", mine, key=key)) == "forbidden"
    assert code(ask(signer, "link", mine, key="users/1/../2/a.txt")) == "invalid-key"
    assert code(ask(signer, "link", key="a.txt")) == "forbidden"


def test_a_link_is_never_longer_than_is_set(make: Make) -> None:
    signer = make(download_expires="10m")
    grant = ask(signer, "put", file=file(1))["grant"]

    def life(**fields: Any) -> str:
        link = ask(signer, "link", grant=grant, **fields)["downloadUrl"]
        return parse_qs(urlsplit(link).query)["X-Amz-Expires"][0]

    assert life() == "600"
    assert life(expiresIn=60) == "60"
    assert life(expiresIn=10**9) == "600"


def test_the_key_is_as_the_rules_say_and_never_that_of_another_file(make: Make) -> None:
    dated = make(rules=Rules(key=lambda it: f"{it.caller.prefix}{it.date}/{it.id}-{it.meta['album']}"))
    key = ask(dated, "put", Caller(prefix="a"), file=file(1), meta={"album": "7"})["key"]
    assert key.startswith("a/20")
    assert key.endswith("-7")
    outside = make(rules=Rules(key=lambda it: f"b/{it.id}"))
    assert code(ask(outside, "put", Caller(prefix="a"), file=file(1))) == "invalid-key"
    same = make(rules=Rules(key=lambda it: it.name))
    assert code(ask(same, "put", file=file(1))) == "internal-error"
    climbing = make(rules=Rules(key=lambda it: f"../{it.id}"))
    assert code(ask(climbing, "put", file=file(1))) == "invalid-key"


def test_folders_stay_as_they_are(make: Make) -> None:
    signer = make(rules=Rules(key=key_with_path))
    batch = "b" * 20
    keys = [
        ask(signer, "put", file=file(1, path=path), batch=batch)["key"]
        for path in ("pets/a.jpg", "pets/../a.jpg", "pets/b c.jpg", "pets/b-c.jpg")
    ]
    folders = {key.split("/")[0] for key in keys}
    assert len(folders) == 1
    assert batch not in folders
    assert keys[0].endswith("/pets/a.jpg")
    assert len(set(keys)) == 4
    assert code(ask(signer, "put", file=file(1), batch="short")) == "bad-request"


def test_routes_have_rules_of_their_own(make: Make) -> None:
    signer = make(
        routes={
            "avatar": Rules(accept="image/*", max_size=1000),
            "film": Rules(accept="video/*", max_size="50GB"),
        }
    )
    assert code(ask(signer, "put", file=file(1))) == "bad-request"
    assert code(ask(signer, "put", file=file(1), route="other")) == "bad-request"
    assert code(ask(signer, "put", file=file(1001), route="avatar")) == "too-large"
    assert code(ask(signer, "put", file=file(1), route="film")) == "type-not-allowed"
    avatar = ask(signer, "put", file=file(1000), route="avatar")
    grant = avatar["grant"]
    assert "downloadUrl" in ask(signer, "link", grant=grant)
    assert code(ask(signer, "put", file=file(1000), route="film", grant=grant)) != ""
    limited = Caller(routes=["film"])
    assert code(ask(signer, "put", limited, file=file(1), route="avatar")) == "forbidden"
    # A signer without routes refuses what was given by one.
    assert code(ask(make(), "link", grant=grant)) == "invalid-grant"


def test_hooks_hear_what_is_signed_and_stored(make: Make) -> None:
    signed: list[str] = []
    stored: list[StoredFile] = []

    def on_signed(key: str, new: Any) -> None:
        if new.caller.context == "full":
            raise SignerError("plan-full", "Your plan has no space left.")
        signed.append(key)

    signer = make(rules=Rules(on_signed=on_signed, on_uploaded=stored.append))
    assert code(ask(signer, "put", Caller(context="full"), file=file(1000))) == "plan-full"
    put = ask(signer, "put", file=file(1000))
    # The page asks for the link when the file is there.
    assert "downloadUrl" not in put
    assert code(ask(signer, "link", grant=put["grant"])) == "upload-incomplete"
    assert stored == []
    send("PUT", put["url"], put["headers"], BYTES)
    assert send("GET", ask(signer, "link", grant=put["grant"])["downloadUrl"]).body == BYTES
    assert [each.key for each in stored] == signed == [put["key"]]
    assert stored[0].size == 1000
    assert stored[0].etag == hashlib.md5(BYTES).hexdigest()


def test_what_is_stored_along_is_signed(make: Make) -> None:
    object_headers = {"Cache-Control": "max-age=60", "x-amz-meta-by": "me"}
    signer = make(rules=Rules(object_headers=object_headers))
    put = ask(signer, "put", file=file(1000))
    assert send("PUT", put["url"], {**put["headers"], "Cache-Control": "no-store"}, BYTES).status == 403
    assert send("PUT", put["url"], put["headers"], BYTES).status == 200
    got = send("GET", put["downloadUrl"]).headers
    assert (got["Cache-Control"], got["x-amz-meta-by"]) == ("max-age=60", "me")
    for wrong in (
        {"Content-Type": "a"},
        {"Host": "a"},
        {"Cache-Control": "a\r\nb"},
        {"x-amz-copy-source": "/other/key"},
        {"x-amz-server-side-encryption-customer-key": "a"},
    ):
        with pytest.raises(ValueError, match="object_headers"):
            Rules(object_headers=wrong)


def test_what_is_stored_along_can_be_that_of_one_file(make: Make, client: Any, bucket: str) -> None:
    told: list[NewFile] = []

    def object_headers(new: NewFile) -> dict[str, str]:
        told.append(new)
        return {
            "X-Amz-Meta-Album": new.meta.get("album", ""),
            "x-amz-tagging": urlencode({"owner": str(new.caller.user)}, quote_via=quote),
        }

    signer = make(has_forms=True, rules=Rules(object_headers=object_headers))
    ann = Caller(user="ann & bob")
    first = ask(signer, "put", ann, file=file(1000), meta={"album": "7"}, form=True)
    # Some servers drop such fields of a form.
    assert first["method"] == "PUT"
    wrong = {**first["headers"], "x-amz-tagging": "owner=eve"}
    assert send("PUT", first["url"], wrong, BYTES).status == 403
    again = ask(signer, "put", ann, file=file(1000), meta={"album": "7"}, grant=first["grant"])
    assert again["headers"] == first["headers"]
    assert told[1].id == told[0].id
    assert send("PUT", again["url"], again["headers"], BYTES).status == 200
    created = ask(signer, "create", ann, file=file(1000), meta={"album": "8"}, signParts=1)
    part = created["parts"][0]
    assert send("PUT", part["url"], part["headers"], BYTES).status == 200
    assert code(ask(signer, "complete", ann, grant=created["grant"])) == ""
    for key, album in ((first["key"], "7"), (created["key"], "8")):
        assert client.head_object(Bucket=bucket, Key=key)["Metadata"] == {"album": album}
    # Ceph 16 forgets the tags of uploads in parts.
    tags = client.get_object_tagging(Bucket=bucket, Key=first["key"])["TagSet"]
    assert tags == [{"Key": "owner", "Value": "ann & bob"}]
    # What comes from a page is refused by itself; what is empty is left out.
    for album in ("a\r\nx-amz-acl: public-read", "Größe", " 7", "a  b"):
        said = ask(signer, "put", ann, file=file(1000), meta={"album": album})
        assert code(said) == "bad-request", album
    assert "x-amz-meta-album" not in ask(signer, "put", ann, file=file(1000))["headers"]
    slip = make(rules=Rules(object_headers=lambda _: {"x-amz-copy-source": "/other/key"}))
    assert code(ask(slip, "put", file=file(1000))) == "internal-error"


def test_an_acl_takes_the_place_of_the_guard(make: Make, client: Any, bucket: str) -> None:
    signer = make(rules=Rules(object_headers={"X-Amz-Acl": "public-read"}))
    put = ask(signer, "put", file=file(1000))
    assert put["headers"]["x-amz-acl"] == "public-read"
    assert send("PUT", put["url"], {**put["headers"], "x-amz-acl": "private"}, BYTES).status == 403
    assert send("PUT", put["url"], put["headers"], BYTES).status == 200
    assert send("GET", f"{client.meta.endpoint_url}/{bucket}/{put['key']}").body == BYTES


def test_a_page_is_saved_whatever_is_stored_along(make: Make) -> None:
    signer = make(rules=Rules(object_headers={"content-disposition": "inline"}))
    page = ask(signer, "put", file=file(1, "a.html", "text/html"))["headers"]
    said = [value for name, value in page.items() if name.lower() == "content-disposition"]
    assert len(said) == 1
    assert said[0].startswith("attachment")
    assert ask(signer, "put", file=file(1))["headers"]["Content-Disposition"] == "inline"
