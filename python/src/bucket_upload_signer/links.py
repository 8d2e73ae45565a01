"""Links to what is stored, and whether it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Optional

from .amounts import parse_duration
from .call import Call, Response
from .errors import SignerError, bad_request, invalid_grant
from .fields import Fields
from .grants import Grant, Receipt, write_receipt
from .names import check_key, content_disposition, download_name, may_be_shown
from .rules import StoredFile


def link(call: Call, ask: Fields) -> Response:
    """A link to what a grant is for, or to a key below the caller's own prefix."""
    disposition = ask.optional_text("disposition", 10)
    if disposition not in (None, "inline", "attachment"):
        raise bad_request('disposition must be "inline" or "attachment".')
    wish = (ask.optional_whole("expiresIn"), disposition)
    key = ask.optional_text("key", 1024)
    if ask.has("grant"):
        grant = call.grant(ask, "file")
        if key not in (None, grant.key):
            raise invalid_grant("The grant is for another key.")
        receipt = confirm(call, grant)
        return {
            "key": grant.key,
            **make_link(call, grant.key, grant.name, grant.type, *wish),
            **receipt,
        }
    if key is None:
        raise bad_request("A link needs a grant or a key.")
    if call.caller.prefix == "" or not key.startswith(call.caller.prefix):
        raise SignerError("forbidden", "You may not have a link to this key.")
    check_key(key)
    media_type = ""
    # Only what is shown needs its type, which decides whether it may be.
    if (disposition or call.settings.disposition) == "inline":
        media_type = (call.settings.bucket.head(key) or {}).get("ContentType", "")
    name = download_name(key)
    return {"key": key, **make_link(call, key, name, media_type, *wish)}


def confirm(call: Call, grant: Grant) -> Response:
    """Looks whether the object is there as it was granted, where somebody wants to know.

    :returns: the receipt, if there are receipts
    """
    if not call.is_confirmed:
        return {}
    head = call.settings.bucket.head(grant.key)
    if head is None:
        raise _not_there()
    return notify_uploaded(call, grant, head)


def notify_uploaded(call: Call, grant: Grant, head: Mapping[str, Any]) -> Response:
    """Tells ``on_uploaded`` about what a HEAD has confirmed."""
    if not call.is_confirmed:
        return {}
    size, media_type = int(head["ContentLength"]), str(head.get("ContentType", ""))
    # Some servers change case and white space.
    if size != grant.size or _same(media_type) != _same(grant.type):
        raise _not_there()
    call.settings.limits.keep(call.claim(grant))
    etag = head["ETag"].strip('"')
    rules, route = call.rules, call.route
    if rules.on_uploaded:
        rules.on_uploaded(StoredFile(grant.key, grant.name, size, grant.type, etag, route, call.caller))
    if rules.receipt_expires is None:
        return {}
    expires = call.seconds + parse_duration(rules.receipt_expires)
    name, user = call.settings.bucket.name, call.caller.user
    said = Receipt(name, grant.key, grant.name, size, media_type, etag, expires, user, route)
    return {"receipt": write_receipt(call.settings.secrets, said)}


def _same(media_type: str) -> str:
    return re.sub(r"\s+", "", media_type).lower()


def _not_there() -> SignerError:
    said = "The bucket does not have the file as it was signed."
    return SignerError("upload-incomplete", said)


def make_link(
    call: Call,
    key: str,
    name: str,
    media_type: str,
    expires_in: Optional[int] = None,
    disposition: Optional[str] = None,
) -> Response:
    settings = call.settings
    most = settings.download_expires
    expires = max(1, min(most if expires_in is None else expires_in, most))
    is_shown = may_be_shown(media_type) and (disposition or settings.disposition) == "inline"
    saved = {
        "ResponseContentDisposition": content_disposition("inline" if is_shown else "attachment", name)
    }
    if is_shown:
        saved["ResponseContentType"] = media_type
    url = settings.bucket.presign("get_object", expires, {}, Key=key, **saved)
    return {"downloadUrl": url, "downloadExpiresAt": call.in_seconds(expires)}
