"""``discard``: the person who has uploaded a file takes it back."""

from __future__ import annotations

from dataclasses import replace

from .amounts import parse_duration
from .bucket import BucketError, seen
from .call import Call, Response
from .errors import SignerError, invalid_grant
from .fields import Fields
from .grants import GRANT_LIFE, MULTIPART_GRANT_LIFE, Grant


def discard(call: Call, ask: Fields) -> Response:
    """Removes the object that a grant was written for, and no other that is at its key by now.

    An object that is gone already is as good as removed.
    """
    if call.rules.discard_expires is None:
        raise SignerError("unsupported-op", "This signer removes no files.")
    grant = call.grant(ask, "discard")
    bucket = call.settings.bucket
    head = bucket.head(grant.key, grant.version)
    if head is None:
        return {}
    if seen(head) != grant.seen:
        raise _replaced()
    if call.rules.on_discard:
        call.rules.on_discard(call.stored_file(grant))
    try:
        bucket.remove(grant.key, grant.seen)
    except BucketError as error:
        if error.status == 412:
            raise _replaced() from None
        if error.status != 404:
            raise
    return {}


def discard_grant(call: Call, stored: Grant) -> Response:
    """The grant by which a file can be taken back, if it can be.

    :param stored: with what the bucket has said of the object, which tells it from any that comes later
    """
    life = call.rules.discard_expires
    if life is None or not stored.etag:
        return {}
    expires = call.seconds + parse_duration(life)
    granted = replace(stored, purpose="discard", expires=expires, job="")
    return {"discardGrant": call.issue(granted)}


def discard_grant_after(call: Call, grant: Grant) -> Response:
    """As :func:`discard_grant`, for a file that the site has worked on.

    It costs a HEAD: the work may have put something else in its place, which is not the person's.
    """
    # The grant for "status" lives for a week: too long to take back what a site has come to rely on.
    end = grant.expires - MULTIPART_GRANT_LIFE + GRANT_LIFE
    if call.rules.discard_expires is None or end <= call.seconds:
        return {}
    head = call.settings.bucket.head(grant.key)
    return discard_grant(call, grant) if head is not None and seen(head) == grant.seen else {}


def _replaced() -> SignerError:
    return invalid_grant("Another file is there by now.")
