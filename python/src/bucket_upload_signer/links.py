"""Links to what is stored."""

from __future__ import annotations

from datetime import timezone
from typing import NamedTuple, Optional

from .call import Call, Response
from .grants import Grant
from .names import check_key, content_disposition, may_be_shown
from .outcomes import Done


class Wish(NamedTuple):
    """What a link may be wished to be."""

    expires_in: Optional[int] = None
    """Seconds."""
    disposition: Optional[str] = None


def finish(call: Call, grant: Grant, done: Done, wish: Wish) -> Response:
    """What the page gets of a file that is done: its key, a link, and data."""
    key = grant.key if done.key is None else done.key
    data = {} if done.data is None else {"data": done.data}
    if done.link is None:
        # A URL would make another key of such a one.
        check_key(key)
        return {"key": key, **make_link(call, key, grant.name, grant.type, wish), **data}
    end = {}
    if done.link_expires_at is not None:
        moment = done.link_expires_at.astimezone(timezone.utc)
        end = {"downloadExpiresAt": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"key": key, "downloadUrl": done.link, **end, **data}


def make_link(call: Call, key: str, name: str, media_type: str, wish: Optional[Wish] = None) -> Response:
    settings = call.settings
    expires_in, disposition = wish or Wish()
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
