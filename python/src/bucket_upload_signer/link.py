"""``link``: a link to what is stored."""

from __future__ import annotations

from typing import Optional

from .call import Call, Response
from .errors import SignerError, bad_request, invalid_grant
from .fields import Fields
from .links import Wish, make_link
from .names import check_key, download_name
from .processing import status_of
from .uploaded import confirm


def link(call: Call, ask: Fields) -> Response:
    """A link to what a grant is for, or to a key below the caller's own prefix."""
    disposition = ask.optional_text("disposition", 10)
    if disposition not in (None, "inline", "attachment"):
        raise bad_request('disposition must be "inline" or "attachment".')
    wish = Wish(ask.optional_whole("expiresIn"), disposition)
    key = ask.optional_text("key", 1024)
    if not ask.has("grant"):
        return _by_key(call, key, wish)
    grant = call.grant(ask, "file", "processing")
    if key not in (None, grant.key):
        raise invalid_grant("The grant is for another key.")
    # What is done with the file has begun, and may have moved it.
    return (status_of if grant.purpose == "processing" else confirm)(call, grant, wish)


def _by_key(call: Call, key: Optional[str], wish: Wish) -> Response:
    if key is None:
        raise bad_request("A link needs a grant or a key.")
    if call.caller.prefix == "" or not key.startswith(call.caller.prefix):
        raise SignerError("forbidden", "You may not have a link to this key.")
    check_key(key)
    media_type = ""
    # Only what is shown needs its type, which decides whether it may be.
    if (wish.disposition or call.settings.disposition) == "inline":
        media_type = (call.settings.bucket.head(key) or {}).get("ContentType", "")
    return {"key": key, **make_link(call, key, download_name(key), media_type, wish)}
