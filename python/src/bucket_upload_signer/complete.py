"""``complete``: makes one object of the parts."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .amounts import format_size
from .bucket import Bucket, BucketError, seen
from .call import Call, Response
from .errors import SignerError, bad_request
from .fields import MOST_PARTS, Fields
from .grants import GRANT_LIFE, MULTIPART_GRANT_LIFE, Grant
from .links import Wish
from .multipart import abort_others
from .uploaded import tell_uploaded


def complete(call: Call, ask: Fields) -> Response:
    """Makes one object of the parts, after it has compared them with what was granted."""
    size = ask.optional_whole("size")
    named = _named_parts(ask)
    digests = [each.digests() for each in ask.optional_objects("digests") or []]
    grant = call.grant(ask, "multipart")
    if grant.is_stream:
        if not size:
            raise bad_request("A stream needs its size, above 0.")
        if size > grant.size:
            most = format_size(grant.size)
            raise SignerError("too-large", f"The file is too large: at most {most}.")
        grant = replace(grant, size=size)
    call.rules.check(call.caller, grant.name, grant.type, grant.size)
    is_new = _join(call, grant, named, digests)
    head = call.settings.bucket.head(grant.key)
    if head is None or head["ContentLength"] != grant.size:
        if is_new:
            raise _incomplete()
        # An abort came in between: nothing is stored, and nothing can be.
        call.settings.limits.give(call.claim(grant))
        raise SignerError("upload-gone", "The upload does not exist any more. Start it again.")
    abort_others(call, grant)
    call.settings.limits.keep(call.claim(grant))
    there = seen(head)
    done = replace(grant.of(there), purpose="file", expires=call.seconds + GRANT_LIFE)
    # Where the site goes on with the file, its grant comes in the place of this one.
    told = {"grant": call.issue(done), **tell_uploaded(call, grant, head, Wish())}
    return {"etag": there.etag, **told}


def _named_parts(ask: Fields) -> dict[int, str]:
    """The ETags of the parts that the client knows, by their numbers."""
    named = ask.optional_objects("parts") or []
    return {it.whole("partNumber", 1, MOST_PARTS): it.text("etag", 512).strip('"') for it in named}


def _join(
    call: Call,
    grant: Grant,
    named: Mapping[int, str],
    digests: Sequence[Mapping[str, str]],
) -> bool:
    """Compares the parts, and has the bucket put them together.

    :returns: whether this call did it: an earlier one may have, or the upload is gone
    """
    bucket = call.settings.bucket
    try:
        listed = bucket.list_parts(grant.key, grant.upload_id)
        numbers = [it["PartNumber"] for it in listed]
        sizes = [it["Size"] for it in listed]
        wanted = range(1, grant.part_count + 1)
        if numbers != list(wanted) or sizes != [grant.size_of_part(it) for it in wanted]:
            raise _incomplete()
        etags = {it["PartNumber"]: it["ETag"].strip('"') for it in listed}
        is_other = any(etags.get(number) != etag for number, etag in named.items())
        if is_other or _differ(listed, digests, grant.checksum):
            said = "The parts that are stored are not those that were sent."
            raise SignerError("parts-differ", said)
        # It may have been given back.
        call.settings.limits.take(call.claim(grant), call.caller, MULTIPART_GRANT_LIFE)
        checksum = f"Checksum{grant.checksum.upper()}"
        wanted_fields = ("PartNumber", "ETag", checksum)
        xml = [{name: it[name] for name in wanted_fields if name in it} for it in listed]
        bucket.ask(
            "complete_multipart_upload",
            Key=grant.key,
            UploadId=grant.upload_id,
            MultipartUpload={"Parts": xml},
        )
        return True
    except BucketError as error:
        if error.is_gone or (error.status >= 500 and _is_gone(bucket, grant)):
            return False
        if error.code.startswith("InvalidPart"):
            raise _incomplete() from None
        raise


def _is_gone(bucket: Bucket, grant: Grant) -> bool:
    """To complete what it does not know is an InternalError to Ceph."""
    try:
        bucket.list_parts(grant.key, grant.upload_id)
    except BucketError as error:
        return error.is_gone
    return False


def _differ(
    listed: Sequence[Mapping[str, Any]], digests: Sequence[Mapping[str, str]], checksum: str
) -> bool:
    """Whether the bucket has other parts than the client says it has sent.

    Some settings make the ETag something else than an MD5, for all parts alike: so only where one ETag
    is the MD5 are the others expected to be.
    """
    pairs = list(zip(listed, digests))
    equal = [it["ETag"].strip('"').lower() == _hex(sent["md5"]) for it, sent in pairs if "md5" in sent]
    if any(equal) and not all(equal):
        return True
    name = f"Checksum{checksum.upper()}"
    return any(it[name] != sent[checksum] for it, sent in pairs if checksum in sent and it.get(name))


def _hex(digest: str) -> str:
    try:
        return base64.b64decode(digest, validate=True).hex()
    except ValueError:
        return ""


def _incomplete() -> SignerError:
    said = "The parts that were stored do not make up the file."
    return SignerError("upload-incomplete", said)
