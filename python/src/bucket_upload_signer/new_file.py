"""A file that is to be stored: whether it may be, where it goes, and what is kept with it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .call import Call
from .errors import SignerError, bad_request
from .fields import Fields, check_digest
from .grants import Grant
from .names import (
    check_key,
    clean_media_type,
    clean_name,
    clean_path,
    content_disposition,
    download_name,
    may_be_shown,
)
from .rules import NewFile


@dataclass(frozen=True)
class GivenFile:
    """A file as it would be stored."""

    name: str
    path: str
    size: int
    type: str


def read_file(call: Call, file: Fields, size: int) -> GivenFile:
    """:raises SignerError: ``too-large``, ``too-small`` or ``type-not-allowed``"""
    name = file.text("name", 1024)
    path = file.optional_text("path", 4096)
    media_type = clean_media_type(file.media_type())
    call.rules.check(call.caller, name, media_type, size)
    return GivenFile(name, name if path is None else path, size, media_type)


def new_file(call: Call, ask: Fields, file: GivenFile, id: str = "") -> NewFile:
    """:param id: that of an earlier try"""
    id = id or _random(call, ask, "nonce", file.size, file.type) or uuid.uuid4().hex
    return NewFile(
        id=id,
        batch=_random(call, ask, "batch") or id,
        name=clean_name(file.name),
        path=clean_path(file.path),
        given_name=file.name,
        size=file.size,
        type=file.type,
        date=call.now.strftime("%Y-%m-%d"),
        meta=ask.meta(),
        route=call.route,
        caller=call.caller,
    )


def _random(call: Call, ask: Fields, name: str, *values: Any) -> Optional[str]:
    """As hard to guess as the client's text, and not that text: a key must not tell how to get in."""
    text = ask.optional_text(name, 64)
    if text is None:
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", text):
        raise bad_request(f'The "{name}" must be 16 to 64 letters, digits, "-" or "_".')
    return call.settings.grants.id_of(name, text, *values, call.caller.user, call.route)


def place(call: Call, file: NewFile, purpose: str) -> Grant:
    """Chooses the key."""
    key = call.rules.key(file)
    check_key(key)
    if not key.startswith(call.caller.prefix):
        said = "The key is outside the place where you may upload."
        raise SignerError("invalid-key", said)
    if file.id not in key and not (file.batch in key and file.path in key):
        raise ValueError('"key" must have "id" in it, or "batch" and "path".')
    return Grant(purpose, key, download_name(file.given_name), file.size, file.type, 0, file.id)


def tell_signed(call: Call, grant: Grant, file: NewFile) -> None:
    if call.rules.on_signed:
        call.rules.on_signed(grant.key, file)


def integrity_headers(digests: Mapping[str, str], needed: Optional[str]) -> dict[str, str]:
    """The headers that have the bucket compare what it gets.

    :raises SignerError: ``checksum-needed``, or ``bad-request`` for a value that cannot be one
    """
    headers = {}
    if "md5" in digests:
        headers["Content-MD5"] = check_digest("md5", digests["md5"])
    if needed is not None:
        if needed not in digests:
            said = f'The bytes need a checksum: send "{needed}".'
            raise SignerError("checksum-needed", said, checksum=needed)
        headers[f"x-amz-checksum-{needed}"] = check_digest(needed, digests[needed])
    return headers


def stored_headers(grant: Grant, kept: Mapping[str, str]) -> dict[str, str]:
    """What the bucket keeps. What a stranger uploads must not run under its origin.

    :param kept: what the rules say
    """
    headers = {"Content-Type": grant.type, **kept}
    if not may_be_shown(grant.type):
        headers["Content-Disposition"] = content_disposition("attachment", grant.name)
    return headers
