"""Uploads in parts: ``create``, ``part``, ``parts`` and ``abort``."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from .bucket import BucketError, plan_parts, plan_stream
from .call import Call, Response
from .errors import bad_request
from .fields import MOST_PARTS, Fields
from .grants import MULTIPART_GRANT_LIFE, Grant
from .new_file import integrity_headers, new_file, place, read_file, stored_headers, tell_signed
from .rules import NewFile

_CONNECTIONS = 6
"""How many parts a browser sends at a time."""


def create(call: Call, ask: Fields) -> Response:
    """Begins an upload in parts. A file without a size is a stream."""
    service = call.settings.bucket.service
    described = ask.object("file")
    cut: dict[str, int]
    size = described.optional_whole("size")
    if size is None:
        part_size, size = plan_stream(call.rules.most_of(call.caller), service)
        cut = {"partSize": part_size, "maxSize": size}
    else:
        cut = {"partSize": plan_parts(size, service, ask.optional_whole("partSize", 1))}
    file = new_file(call, ask, read_file(call, described, size))
    grant = replace(
        place(call, file, "multipart"),
        expires=call.seconds + MULTIPART_GRANT_LIFE,
        part_size=cut["partSize"],
        is_stream="maxSize" in cut,
        checksum=call.rules.checksum or "",
    )
    with call.settings.limits.taken(call.claim(grant), call.caller, MULTIPART_GRANT_LIFE):
        tell_signed(call, grant, file)
        is_again = ask.is_true("again") and ask.has("nonce") and file.id in grant.key
        found = _find_uploads(call, grant.key) if is_again else []
        upload_id = found[0] if found else _begin(call, grant, file)
    grant = replace(grant, upload_id=upload_id, is_again=is_again)
    parts = _first_parts(call, grant, ask.optional_whole("signParts") or 0)
    return {
        "key": grant.key,
        "uploadId": upload_id,
        "grant": call.issue(grant),
        "expiresAt": call.in_seconds(MULTIPART_GRANT_LIFE),
        **cut,
        "comparesParts": True,
        **({"parts": parts} if parts else {}),
        **({"checksum": grant.checksum} if grant.checksum else {}),
    }


def part(call: Call, ask: Fields) -> Response:
    """Signs the URL of one part, for just the size that it has."""
    number = ask.whole("partNumber", 1, MOST_PARTS)
    size = ask.optional_whole("size")
    grant = call.grant(ask, "multipart")
    call.rules.check(call.caller, grant.name, grant.type, grant.size)
    # The checksum from when the upload began: the bucket takes no other, whatever the rules are now.
    integrity = integrity_headers(ask.digests(), grant.checksum or None)
    if number > grant.part_count:
        raise bad_request(f"The upload has {grant.part_count} parts, and no part {number}.")
    right = grant.size_of_part(number)
    if grant.is_stream and not 0 < (size or 0) <= right:
        raise bad_request(f"Part {number} needs a size from 1 to {right} bytes.")
    if not grant.is_stream and size not in (None, right):
        raise bad_request(f"Part {number} must have {right} bytes, not {size}.")
    return {"method": "PUT", **_part_url(call, grant, number, size or right, integrity)}


def parts(call: Call, ask: Fields) -> Response:
    """Signs the URL of ListParts, whose XML the browser reads."""
    after = ask.optional_whole("after") or 0
    grant = call.grant(ask, "multipart")
    expires = call.settings.upload_expires
    place = {"Key": grant.key, "UploadId": grant.upload_id, "MaxParts": 1000}
    marker = {"PartNumberMarker": after} if after else {}
    url = call.settings.bucket.presign("list_parts", expires, {}, **place, **marker)
    checksum = {"checksum": grant.checksum} if grant.checksum else {}
    return {"url": url, "method": "GET", "expiresAt": call.in_seconds(expires), **checksum}


def abort(call: Call, ask: Fields) -> Response:
    """Removes the parts. That the upload is gone already is as good."""
    grant = call.grant(ask, "multipart")
    try:
        call.settings.bucket.ask("abort_multipart_upload", Key=grant.key, UploadId=grant.upload_id)
    except BucketError as error:
        if not error.is_gone:
            raise
    abort_others(call, grant)
    call.settings.limits.give_unless_stored(call.claim(grant))
    return {}


def _part_url(call: Call, grant: Grant, number: int, size: int, integrity: Mapping[str, str]) -> Response:
    guards = {name: it for name, it in call.settings.bucket.guards.items() if name != "x-amz-acl"}
    headers = {**integrity, **guards}
    expires = call.settings.upload_expires
    url = call.settings.bucket.presign(
        "upload_part",
        expires,
        {"Content-Length": str(size), **headers},
        Key=grant.key,
        UploadId=grant.upload_id,
        PartNumber=number,
    )
    return {"url": url, "headers": headers, "expiresAt": call.in_seconds(expires)}


def _first_parts(call: Call, grant: Grant, wish: int) -> list[Response]:
    """Those that the browser sends first, so that it need not ask for them. Without checksums."""
    is_unknown = grant.checksum or grant.is_stream
    count = 0 if is_unknown else min(wish, _CONNECTIONS, grant.part_count)
    return [
        {"partNumber": number, **_part_url(call, grant, number, grant.size_of_part(number), {})}
        for number in range(1, count + 1)
    ]


def _begin(call: Call, grant: Grant, file: NewFile) -> str:
    headers = stored_headers(grant, call.rules.stored(file))
    if grant.checksum:
        headers["x-amz-checksum-algorithm"] = grant.checksum.upper()
    answer = call.settings.bucket.ask("create_multipart_upload", headers, Key=grant.key)
    return str(answer["UploadId"])


def abort_others(call: Call, grant: Grant) -> None:
    """Aborts the other uploads of the same file.

    A ``create`` may still have been under way when the page asked again.
    """
    if not grant.is_again:
        return
    for upload_id in _find_uploads(call, grant.key):
        if upload_id != grant.upload_id:
            # What is gone already is as good, and the rest is the bucket's rule's.
            with suppress(BucketError):
                call.settings.bucket.ask("abort_multipart_upload", Key=grant.key, UploadId=upload_id)


def _find_uploads(call: Call, key: str) -> list[str]:
    """The uploads of a key that are neither completed nor aborted; none where it cannot list them."""
    try:
        answer = call.settings.bucket.ask("list_multipart_uploads", Prefix=key)
    except BucketError:
        return []
    return [str(it["UploadId"]) for it in answer.get("Uploads", []) if it["Key"] == key]
