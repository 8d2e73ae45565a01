"""Whether a file is in the bucket as it was granted, and what its page gets then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .amounts import parse_duration
from .bucket import seen
from .call import Call, Response
from .discard import discard_grant
from .errors import SignerError
from .grants import Grant, Receipt, write_receipt
from .links import Wish, finish
from .outcomes import Done, Processing, checked
from .processing import begin


def confirm(call: Call, grant: Grant, wish: Wish) -> Response:
    """A link to what a grant is for. The bucket is asked for it where somebody wants to know."""
    if not call.is_confirmed:
        return finish(call, grant, Done(), wish)
    head = call.settings.bucket.head(grant.key)
    if head is None:
        raise _not_there()
    return tell_uploaded(call, grant, head, wish)


def tell_uploaded(call: Call, grant: Grant, head: Mapping[str, Any], wish: Wish) -> Response:
    """Tells ``on_uploaded`` about what a HEAD has confirmed.

    :returns: what the page gets: a link and what proves the upload, or a grant to ask for ``status``
    """
    if not call.is_confirmed:
        return finish(call, grant, Done(), wish)
    size, media_type = int(head["ContentLength"]), str(head.get("ContentType", ""))
    # Some servers change case and white space.
    if size != grant.size or _same(media_type) != _same(grant.type):
        raise _not_there()
    call.settings.limits.keep(call.claim(grant))
    stored = grant.of(seen(head))
    hook = call.rules.on_uploaded
    outcome = checked("on_uploaded", hook(call.stored_file(stored))) if hook else None
    receipt = _receipt(call, stored, size, media_type)
    if isinstance(outcome, Processing):
        return {**begin(call, stored, outcome), **receipt}
    if outcome and outcome.key is not None:
        raise ValueError('"on_uploaded" returned a "key": have "status" say where a file was moved.')
    return {**finish(call, stored, outcome or Done(), wish), **discard_grant(call, stored), **receipt}


def _receipt(call: Call, stored: Grant, size: int, media_type: str) -> Response:
    """States what the bucket has said."""
    if call.rules.receipt_expires is None:
        return {}
    expires = call.seconds + parse_duration(call.rules.receipt_expires)
    bucket, user = call.settings.bucket.name, call.caller.user
    name, etag = stored.name, stored.etag
    said = Receipt(bucket, stored.key, name, size, media_type, etag, expires, user, call.route)
    return {"receipt": write_receipt(call.settings.secrets, said)}


def _same(media_type: str) -> str:
    return re.sub(r"\s+", "", media_type).lower()


def _not_there() -> SignerError:
    said = "The bucket does not have the file as it was signed."
    return SignerError("upload-incomplete", said)
