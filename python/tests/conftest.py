"""Signers for a bucket of the Ceph gateway that ``BUCKET_UPLOAD_TEST_CEPH`` describes."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Callable, NamedTuple

import boto3
import pytest

from bucket_upload_signer import Answer, Caller, Rules, Signer
from bucket_upload_signer import signer as signer_module

SECRET = "a secret of 16 characters or more"
ORIGIN = "https://app.example"
ANYBODY = Caller()

CLIENTS: dict[str, Callable[..., Any]] = {"boto3": boto3.client}
try:
    import ibm_boto3

    CLIENTS["ibm_boto3"] = ibm_boto3.client
except ImportError:
    pass


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def send(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Reply:
    """Does what a browser does with a signed URL."""
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)
    # A browser sends no type that nobody has named.
    if body is not None and not request.has_header("Content-type"):
        request.add_header("Content-Type", "")
    try:
        with urllib.request.urlopen(request) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


def call(
    signer: Signer,
    *requests: Mapping[str, Any],
    caller: Caller | None = ANYBODY,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    named = [{"id": str(index), **request} for index, request in enumerate(requests)]
    body = json.dumps({"version": 1, "requests": named}).encode()
    return signer.handle("POST", {"Content-Type": "application/json", **(headers or {})}, body, caller)


def ask(signer: Signer, op: str, caller: Caller = ANYBODY, **fields: Any) -> dict[str, Any]:
    """The answer to one request."""
    answer = call(signer, {"op": op, **fields}, caller=caller)
    assert answer.status == 200, answer.body
    response: dict[str, Any] = json.loads(answer.body)["responses"][0]
    return response


def code(response: Mapping[str, Any]) -> str:
    return str(response.get("error", {}).get("code", ""))


def file(size: int, name: str = "cat.jpg", type: str = "image/jpeg", **more: Any) -> dict[str, Any]:
    return {"name": name, "size": size, "type": type, **more}


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Puts the clock of the signer on."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=seconds)

    monkeypatch.setattr(signer_module, "datetime", Later)


def forgeries(grant: str) -> list[str]:
    """What somebody can make of a grant who has no secret."""
    payload, mac = grant.split(".")
    middle = len(payload) // 2
    changed = payload[:middle] + ("A" if payload[middle] != "A" else "B") + payload[middle + 1 :]
    return [f"{changed}.{mac}", f"{payload}.", payload, f"{payload}.{mac[:-2]}AA", f"{grant}=", "a.b", ""]


@pytest.fixture(scope="session")
def gateway() -> dict[str, str]:
    described: dict[str, str] = json.loads(os.environ["BUCKET_UPLOAD_TEST_CEPH"])
    return described


@pytest.fixture(scope="session", params=sorted(CLIENTS))
def client(request: pytest.FixtureRequest, gateway: Mapping[str, str]) -> Any:
    return CLIENTS[request.param](
        "s3",
        endpoint_url=gateway["endpoint"],
        region_name=gateway["region"],
        aws_access_key_id=gateway["accessKeyId"],
        aws_secret_access_key=gateway["secretAccessKey"],
    )


@pytest.fixture(scope="session")
def bucket(client: Any) -> Iterator[str]:
    name = f"python-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    yield name
    for upload in client.list_multipart_uploads(Bucket=name).get("Uploads", []):
        client.abort_multipart_upload(Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])
    for each in client.list_objects_v2(Bucket=name).get("Contents", []):
        client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


Make = Callable[..., Signer]


@pytest.fixture
def make(client: Any, bucket: str) -> Make:
    """Makes a signer with some options."""

    def make(**options: Any) -> Signer:
        if "routes" not in options:
            options.setdefault("rules", Rules())
        return Signer(client, bucket, **{"secret": SECRET, **options})

    return make


@pytest.fixture
def signer(make: Make) -> Signer:
    return make()
