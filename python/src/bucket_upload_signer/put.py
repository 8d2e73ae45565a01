"""``put``: one file with one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .amounts import format_size
from .bucket import MAX_PUT
from .call import Call, Response
from .errors import SignerError, invalid_grant
from .fields import Fields
from .grants import GRANT_LIFE, Grant
from .limits import SENDING
from .links import make_link
from .new_file import GivenFile, integrity_headers, new_file, place, read_file, stored_headers, tell_signed
from .rules import NewFile


def put(call: Call, ask: Fields) -> Response:
    """One file with one request: a URL for a PUT or, where client and bucket can, a form."""
    file = read_file(call, ask.object("file"), ask.object("file").whole("size"))
    if file.size > MAX_PUT:
        most = format_size(MAX_PUT)
        raise SignerError("too-large", f"The file is too large for one PUT: at most {most}.")
    digests = ask.digests()
    integrity = integrity_headers(digests, call.rules.checksum)
    is_form = ask.is_true("form")
    lease = call.settings.upload_expires + SENDING
    if ask.has("grant"):
        grant, token = _granted(call, ask, file)
        again = new_file(call, ask, file, grant.id)
        call.settings.limits.take(call.claim(grant), call.caller, lease)
        return {**_sign(call, grant, again, integrity, is_form), "grant": token}
    chosen = new_file(call, ask, file)
    grant = replace(
        place(call, chosen, "file"),
        expires=call.seconds + GRANT_LIFE,
        meta=call.settings.grants.tag_of(chosen.meta),
    )
    with call.settings.limits.taken(call.claim(grant), call.caller, lease):
        tell_signed(call, grant, chosen)
        return {**_sign(call, grant, chosen, integrity, is_form), "grant": call.issue(grant)}


def _granted(call: Call, ask: Fields, file: GivenFile) -> tuple[Grant, str]:
    """The same grant again: asking again gives no longer right to write to a key."""
    token = ask.text("grant", 8192)
    grant = call.grant(ask, "file")
    if grant.done:
        raise invalid_grant("The file of this grant is stored already.")
    meta = call.settings.grants.tag_of(ask.meta(), token)
    if (grant.size, grant.type, grant.meta) != (file.size, file.type, meta):
        raise invalid_grant("The grant is for another file.")
    return grant, token


def _sign(call: Call, grant: Grant, file: NewFile, integrity: Mapping[str, str], is_form: bool) -> Response:
    """What stores one file, and a link to it unless the page has to ask for it when it is there."""
    kept = call.rules.stored(file)
    headers = {**stored_headers(grant, kept), **integrity}
    # Some servers drop what a form has besides the type: so only what a link says as well goes that way.
    may_be_form = call.settings.bucket.has_forms and not kept
    # In a form "${filename}" stands for any name.
    may_be_form = may_be_form and "${" not in grant.key
    upload = _form if is_form and may_be_form else _put_url
    link = {} if call.is_confirmed else make_link(call, grant.key, grant.name, grant.type)
    return {"key": grant.key, **upload(call, grant, headers), **link}


def _put_url(call: Call, grant: Grant, headers: Mapping[str, str]) -> Response:
    # One of the guards is an ACL, which "object_headers" may replace.
    shown = {**call.settings.bucket.guards, **headers}
    # Signed, so that the bucket refuses any other size. A browser sets it itself.
    signed = {"Content-Length": str(grant.size), **shown}
    expires = call.settings.upload_expires
    url = call.settings.bucket.presign("put_object", expires, signed, Key=grant.key)
    end = call.in_seconds(expires)
    return {"url": url, "method": "PUT", "headers": shown, "expiresAt": end}


def _form(call: Call, grant: Grant, headers: Mapping[str, str]) -> Response:
    # The answer then tells the ETag in its body, which no CORS rule can hide.
    fields = {**headers, "success_action_status": "201"}
    fields.pop("Content-MD5", None)
    expires = call.settings.upload_expires
    form = call.settings.bucket.presign_form(grant.key, grant.size, fields, expires)
    end = call.in_seconds(expires)
    return {"method": "POST", **form, "expiresAt": end}
