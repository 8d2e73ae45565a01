from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from conftest import ORIGIN, SECRET, Make, ask, call, code, file, send

from bucket_upload_signer import (
    Caller,
    Receipt,
    ReceiptError,
    Rules,
    Signer,
    read_receipt,
)

JSON = {"Content-Type": "application/json; charset=utf-8"}


def refused(signer: Signer, body: bytes, headers: Mapping[str, str] = JSON) -> tuple[int, str]:
    answer = signer.handle("POST", headers, body, Caller())
    return answer.status, json.loads(answer.body)["error"]["code"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "bad-request"),
        (b"[]", 400, "bad-request"),
        (b"null", 400, "bad-request"),
        (b"[" * 100_000, 400, "bad-request"),
        (b"1" * 10_000, 400, "bad-request"),
        (b"\xff\xfe{\x00}\x00", 400, "bad-request"),
        (b'{"version":1}', 400, "bad-request"),
        (b'{"version":1,"requests":[null]}', 400, "bad-request"),
        (b'{"version":1,"requests":[{"id":"1"}]}', 400, "bad-request"),
        (b'{"version":1,"requests":[{"id":1,"op":"put"}]}', 400, "bad-request"),
        (b'{"version":1,"requests":[{"id":"1","op":"a"},{"id":"1","op":"a"}]}', 400, "bad-request"),
        (b'{"version":2,"requests":[]}', 400, "unsupported-version"),
        (b'{"version":true,"requests":[]}', 400, "unsupported-version"),
        (b'{"version":"1","requests":[]}', 400, "unsupported-version"),
        (b" " * 1_000_001, 413, "bad-request"),
    ],
)
def test_what_is_no_call_is_refused_as_a_whole(signer: Signer, body: bytes, status: int, said: str) -> None:
    assert refused(signer, body) == (status, said)


def test_only_json_is_taken_and_only_by_post(signer: Signer) -> None:
    assert refused(signer, b"{}", {"content-type": "text/plain"}) == (415, "bad-request")
    assert signer.handle("GET", {}, b"", Caller()).status == 405
    assert signer.handle("POST", JSON, b"{}", None).status == 401


def test_what_is_wrong_with_one_request_refuses_that_one(signer: Signer) -> None:
    wrong: list[dict[str, Any]] = [
        {"op": "rename"},
        {"op": "discard"},
        {"op": "put"},
        {"op": "put", "file": file(-1)},
        {"op": "put", "file": file(True)},
        {"op": "put", "file": file(1.5)},
        {"op": "put", "file": file(1, "x" * 1025)},
        {"op": "put", "file": file(1), "meta": {"a": 1}},
        {"op": "put", "file": file(1), "grant": "x" * 8193},
        {"op": "part", "grant": "a.b", "partNumber": 10_001},
        {"op": "part", "grant": "a.b", "partNumber": 1},
        {"op": "put", "file": file(1), "later": 1},
    ]
    answer = json.loads(call(signer, *wrong).body)
    codes = [code(each) for each in answer["responses"]]
    assert codes == ["unsupported-op"] * 2 + ["bad-request"] * 8 + ["invalid-grant", ""]
    assert [each["id"] for each in answer["responses"]] == [str(at) for at in range(12)]


def test_null_is_nothing_and_whole_numbers_may_have_a_point(signer: Signer) -> None:
    assert code(ask(signer, "put", file=file(1.0), meta=None, grant=None, batch=None, md5=None)) == ""


def test_only_pages_of_listed_origins_may_ask(make: Make) -> None:
    listed = make(origins=[ORIGIN])
    request = {"op": "put", "file": file(1)}
    allowed = call(listed, request, headers={"Origin": ORIGIN})
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert allowed.headers["Access-Control-Allow-Credentials"] == "true"
    foreign = call(listed, request, headers={"Origin": "https://evil.test", "Host": "app.example"})
    assert foreign.status == 403
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert json.loads(foreign.body)["error"]["code"] == "origin-not-allowed"
    # A page of the signer's own host needs no headers, and gets none.
    own = call(make(), request, headers={"Origin": "https://app.example", "Host": "app.example"})
    assert own.status == 200
    assert "Access-Control-Allow-Origin" not in own.headers
    for odd in ("null", "", "http://[", "https://app.example.evil.test", "app.example/"):
        assert call(make(), request, headers={"Origin": odd, "Host": "app.example"}).status == 403
    everybody = call(make(origins="*"), request, headers={"Origin": "https://evil.test"})
    assert "Access-Control-Allow-Credentials" not in everybody.headers
    asked = {"Origin": ORIGIN, "Access-Control-Request-Headers": "authorization,content-type"}
    preflight = listed.handle("OPTIONS", asked, b"", None)
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    with pytest.raises(ValueError, match="origins"):
        make(origins=ORIGIN)


def test_a_bucket_that_fails_is_an_internal_error_without_details(client: Any) -> None:
    lost = Signer(client, "there-is-no-such-bucket", secret=SECRET)
    refused = ask(lost, "create", file=file(1))
    assert refused["error"]["code"] == "internal-error"
    assert "http" not in json.dumps(refused)


def test_a_secret_must_be_long(make: Make) -> None:
    for secret in ("short", [], ["long enough to be one", "short"], None):
        with pytest.raises(ValueError, match="secret"):
            make(secret=secret)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "eu-central-1"])
def test_temporary_keys_and_any_client_sign_by_version_4(region: str) -> None:
    """Left alone, botocore signs by version 2 in the oldest regions, which binds neither size nor type."""
    client = boto3.client(
        "s3",
        region_name=region,
        aws_access_key_id="ASIAEXAMPLE",
        aws_secret_access_key="secret",
        aws_session_token="a session",
    )
    signer = Signer(client, "photos", secret=SECRET)
    put = ask(signer, "put", file=file(1000))
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in put["url"]
    assert "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost&" in put["url"]
    assert "X-Amz-Security-Token=a%20session" in put["url"]
    # Amazon takes no headers that are not signed, and many of its buckets refuse each ACL.
    assert put["headers"] == {"Content-Type": "image/jpeg"}
    form = ask(signer, "put", file=file(1000), form=True)
    assert form["fields"]["x-amz-security-token"] == "a session"
    # The client's own requests stay as they are.
    assert "content-length" not in client.generate_presigned_url("put_object", {"Bucket": "a", "Key": "b"})


def test_receipts_say_what_the_bucket_says(make: Make) -> None:
    signer = make(rules=Rules(receipt_expires="1h"))
    mine = Caller(user="42")
    put = ask(signer, "put", mine, file=file(5, "Größe.txt", "text/plain"))
    assert code(ask(signer, "link", mine, grant=put["grant"])) == "upload-incomplete"
    send("PUT", put["url"], put["headers"], b"hello")
    text = ask(signer, "link", mine, grant=put["grant"])["receipt"]
    receipt = read_receipt(SECRET, text, user="42")
    assert isinstance(receipt, Receipt)
    assert (receipt.key, receipt.name, receipt.size) == (put["key"], "Größe.txt", 5)
    assert receipt.etag == "5d41402abc4b2a76b9719d911017c592"
    assert receipt.expires > time.time()
    refusals = {
        "receipt-foreign": lambda: read_receipt(SECRET, text, user=None),
        "receipt-invalid": lambda: read_receipt(SECRET[::-1], text, user="42"),
    }
    for said, read in refusals.items():
        with pytest.raises(ReceiptError) as caught:
            read()
        assert caught.value.code == said
    for false in (text[:-1], "", "v1.e30." + "A" * 43, text.replace(".", ".x", 1)):
        with pytest.raises(ReceiptError, match="no receipt"):
            read_receipt(SECRET, false, user="42")
