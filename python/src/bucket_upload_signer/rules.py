"""What may be uploaded, by whom, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union

from .amounts import Duration, Size, format_size, parse_duration, parse_size
from .errors import SignerError, bad_request
from .fields import DIGESTS
from .names import accepts, check_key
from .outcomes import Outcome

# What S3 keeps. SSE-C is not among it: each page would need the key, and no link could open the object.
_STORED = re.compile(
    r"cache-control|content-(disposition|encoding|language)|expires"
    r"|x-amz-(acl|grant-[a-z-]+|meta-[a-z0-9-]+|object-lock-[a-z-]+|storage-class|tagging"
    r"|server-side-encryption(-(aws-kms-key-id|bucket-key-enabled|context))?|website-redirect-location)",
    re.I,
)


@dataclass(frozen=True)
class Caller:
    """Who calls the signer. Your view makes it, of a session or a token."""

    user: Optional[str] = None
    """Identifies the user. A grant works only for the user that it was issued to."""
    prefix: str = ""
    """Where this user's objects are: ``users/42/``. Every key begins with it, and links by key are
    signed below it only. A "/" at its end is added."""
    min_size: Optional[Size] = None
    max_size: Optional[Size] = None
    """Narrow those of the rules; they can never widen them."""
    accept: Union[str, Sequence[str]] = ()
    """A file must be in this list, and in that of the rules."""
    routes: Optional[Sequence[str]] = None
    """The routes that this user may upload by; all of them by default."""
    address: Optional[str] = None
    """The IP address, for limits by address. Never take it from a header that a client can send."""
    context: Any = None
    """Anything that the hooks need to know of this call. It reaches no client."""

    def __post_init__(self) -> None:
        if self.user is not None and (not isinstance(self.user, str) or self.user == ""):
            raise ValueError('"user" must be a text, and not empty.')
        if self.prefix:
            object.__setattr__(self, "prefix", self.prefix.rstrip("/") + "/")
            try:
                check_key(f"{self.prefix}x")
            except SignerError as error:
                raise ValueError(f'"prefix" cannot begin a key: {error}') from None


@dataclass(frozen=True)
class NewFile:
    """A file that is to be stored."""

    id: str
    """Random; in most keys."""
    batch: str
    """Random, the same for files that were added together."""
    name: str
    """Safe in a key: ``cat.jpg``."""
    path: str
    """In a dropped folder, safe in a key, and no other of the folder's: ``pets/cat.jpg``."""
    given_name: str
    """As the person has named it: not safe."""
    size: int
    """Bytes; of a stream the most that it may have."""
    type: str
    date: str
    """In UTC: ``2026-11-24``."""
    meta: Mapping[str, str]
    """What the page told about it: not safe."""
    route: Optional[str]
    caller: Caller


@dataclass(frozen=True)
class StoredFile:
    """A file that is in the bucket as it was granted."""

    key: str
    name: str
    size: int
    """Bytes."""
    type: str
    etag: str
    route: Optional[str]
    caller: Caller


def key_with_name(file: NewFile) -> str:
    """``<prefix><id>/<name>``"""
    return f"{file.caller.prefix}{file.id}/{file.name}"


def key_with_path(file: NewFile) -> str:
    """``<prefix><batch>/<path>``: folders stay as they are."""
    return f"{file.caller.prefix}{file.batch}/{file.path}"


@dataclass(frozen=True)
class Rules:
    """The rules for uploads: of a signer, or of one of its routes."""

    accept: Union[str, Sequence[str]] = ()
    """As in ``<input accept>``. A client chooses name and type: it keeps out mistakes, not attacks."""
    min_size: Size = 0
    max_size: Size = "5GB"
    """One PUT carries 5 GB; larger files go up in parts."""
    key: Callable[[NewFile], str] = key_with_name
    """The object key. It must have the prefix, and ``id``, or ``batch`` and ``path``, in it, so that no
    file replaces another."""
    checksum: Optional[str] = None
    """A checksum that every upload must carry, for the bucket to check: ``sha256``, ``crc32c``, …"""
    object_headers: Union[Mapping[str, str], Callable[[NewFile], Mapping[str, str]]] = field(
        default_factory=dict
    )
    """Headers that the bucket keeps with each object: ``{"Cache-Control": "max-age=31536000"}``, or a
    function that returns those of one file. They are signed; what is empty is left out."""
    on_signed: Optional[Callable[[str, NewFile], None]] = None
    """Called with the key before anything is handed out; it may raise a ``SignerError``."""
    on_uploaded: Optional[Callable[[StoredFile], Outcome]] = None
    """Called when the file is there; it may be called again for the same key. It may return :class:`Done`
    with data for the page, or :class:`Processing` where the site goes on with the file."""
    status: Optional[Callable[[StoredFile, str], Outcome]] = None
    """How far the site is with a file for which ``on_uploaded`` has returned ``Processing``, by its id. A
    ``SignerError`` says that the work has failed."""
    discard_expires: Optional[Duration] = None
    """How long people may take back what they have uploaded: ``"1h"``. By default they may not."""
    on_discard: Optional[Callable[[StoredFile], None]] = None
    """Called before a file that is taken back is removed; it may raise a ``SignerError``."""
    receipt_expires: Optional[Duration] = None
    """How long a receipt is good: ``"1d"``. By default there are none."""

    def __post_init__(self) -> None:
        if parse_size(self.min_size) > parse_size(self.max_size):
            raise ValueError('"min_size" must not be larger than "max_size".')
        if self.checksum is not None and self.checksum not in list(DIGESTS)[1:]:
            raise ValueError(f'"checksum" must be one of {", ".join(list(DIGESTS)[1:])}.')
        if not callable(self.object_headers):
            _stored(self.object_headers, ValueError)
        for life in (self.receipt_expires, self.discard_expires):
            if life is not None:
                parse_duration(life)

    def stored(self, file: NewFile) -> dict[str, str]:
        """The headers of ``object_headers``.

        :raises SignerError: ``bad-request`` for a value that no header can have: it may come from a page
        """
        said = self.object_headers
        return _stored(said(file) if callable(said) else said, bad_request)

    def most_of(self, caller: Caller) -> int:
        """The most bytes that a file of this caller may have."""
        sizes = [self.max_size] + ([] if caller.max_size is None else [caller.max_size])
        return min(parse_size(each) for each in sizes)

    def check(self, caller: Caller, name: str, media_type: str, size: int) -> None:
        """:raises SignerError: ``too-large``, ``too-small`` or ``type-not-allowed``"""
        most = self.most_of(caller)
        least = max(parse_size(self.min_size), parse_size(caller.min_size or 0))
        if size > most:
            raise SignerError("too-large", f"The file is too large: at most {format_size(most)}.")
        if size < least:
            raise SignerError("too-small", f"The file is too small: at least {format_size(least)}.")
        for accept in (self.accept, caller.accept):
            if not accepts(accept, name, media_type):
                listed = accept if isinstance(accept, str) else ", ".join(accept)
                said = f"Files of this type are not accepted, only: {listed}."
                raise SignerError("type-not-allowed", said)


def _stored(headers: Mapping[str, str], refusal: Callable[[str], Exception]) -> dict[str, str]:
    """Each name in the one way that is ours, so that no header is there twice."""
    for name, value in headers.items():
        if not _STORED.fullmatch(name):
            raise ValueError(f'"object_headers" has "{name}", which no bucket keeps.')
        # Spaces at an end, or doubled, are not kept by a signature.
        if not isinstance(value, str) or not re.fullmatch(r"([!-~]+( [!-~]+)*)?", value):
            raise refusal(
                f'"object_headers": "{name}" must be plain ASCII, with single spaces between words.'
            )
    names = {name: name.lower() if name[0] in "Xx" else name.title() for name in headers}
    return {names[name]: value for name, value in headers.items() if value}
