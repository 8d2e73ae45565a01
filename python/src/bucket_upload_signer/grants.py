"""Grants and receipts: texts that only the signer can have written."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Optional, Union

from .bucket import Seen
from .errors import invalid_grant

GRANT_LIFE = 86_400
"""Seconds that the grant of a file lasts: a day, so that an open page can still ask for links."""

MULTIPART_GRANT_LIFE = 604_800
"""Seconds that an upload in parts lasts: a week. A terabyte at 20 Mbit/s takes five days."""


@dataclass(frozen=True)
class Grant:
    """What its bearer may do with one object: store it, read it, take it back."""

    purpose: str
    """``file``; ``multipart`` for an upload in parts; ``processing`` for the status of what is stored;
    ``discard`` to take it back. One is never taken for another."""
    key: str
    name: str
    """The name under which the file is saved."""
    size: int
    """Bytes; of a stream the most that it may have."""
    type: str
    expires: int
    """When it ends, in seconds since 1970."""
    id: str = ""
    """That of the ``NewFile``; by it the file is counted, too."""
    meta: str = ""
    """Stands for the metadata that came with the file; empty if there was none."""
    done: bool = False
    """Written after the file was stored: it signs no more writes."""
    upload_id: str = ""
    part_size: int = 0
    """Bytes of each part but the last."""
    is_stream: bool = False
    is_again: bool = False
    """Another ``create`` for the same key may begin, or has begun, another upload."""
    checksum: str = ""
    """Which checksum each part needs, as the bucket was told when the upload began."""
    etag: str = ""
    """Of the object, as the bucket has it, and so the next two."""
    modified: int = 0
    """When it was stored, in seconds since 1970."""
    version: str = ""
    job: str = ""
    """What the site calls its work on the file."""

    @property
    def seen(self) -> Seen:
        return Seen(self.etag, self.modified, self.version)

    def of(self, seen: Seen) -> Grant:
        """The same for an object that is stored, without what only an upload needs."""
        plain = replace(self, meta="", upload_id="", part_size=0, is_stream=False, is_again=False)
        return replace(plain, checksum="", done=True, **seen._asdict())

    @property
    def part_count(self) -> int:
        """An empty file has one empty part."""
        return max(1, -(-self.size // self.part_size))

    def size_of_part(self, number: int) -> int:
        """Bytes; of a stream the most that the part may have."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)


class Grants:
    """Writes and reads grants: base64url(JSON) "." base64url(HMAC-SHA-256).

    So no signer has to remember them, and each copy of a signer knows those of the others.

    :param secrets: the first signs; the others, which are being replaced, are still known
    :param scope: what the grants are for, so that those of another bucket are refused
    """

    def __init__(self, secrets: Sequence[str], scope: str) -> None:
        label = f"bucket-upload-signer grant v1\n{scope}".encode()
        self._keys = [hmac.digest(secret.encode(), label, "sha256") for secret in secrets]

    def issue(self, grant: Grant, user: Optional[str], route: Optional[str]) -> str:
        fields = {name: value for name, value in asdict(grant).items() if value}
        # Browsers keep grants, and must not learn from them who the user is.
        fields["for"] = self.id_of("user", user)
        if route is not None:
            fields["route"] = route
        text = _encode(json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode())
        return f"{text}.{_encode(_mac(self._keys[0], text))}"

    def read(
        self,
        token: str,
        purposes: Collection[str],
        *,
        user: Optional[str],
        route: Optional[str],
        prefix: str,
        now: float,
    ) -> Grant:
        """:raises SignerError: ``invalid-grant``"""
        key, fields = self._open(token)
        is_theirs = fields.pop("for") == _id_of(key, "user", user)
        is_for_route = fields.pop("route", None) == route
        grant = Grant(**{"size": 0, **fields})
        is_right = is_theirs and is_for_route and grant.purpose in purposes
        if not is_right or not grant.key.startswith(prefix):
            raise invalid_grant()
        if grant.expires <= now:
            raise invalid_grant("The grant has expired.")
        return grant

    def route_of(self, token: str) -> Optional[str]:
        """The route of a genuine grant; ``None`` for one without.

        :raises SignerError: ``invalid-grant``
        """
        route = self._open(token)[1].get("route")
        return None if route is None else str(route)

    def id_of(self, *values: Union[str, int, None]) -> str:
        """32 hexadecimal digits: the same for the same values, and for no others."""
        return _id_of(self._keys[0], *values)

    def tag_of(self, meta: Mapping[str, str], token: Optional[str] = None) -> str:
        """Stands for metadata.

        :param token: a grant with the tag to compare it with; an older secret may have signed it
        """
        if not meta:
            return ""
        key = self._keys[0] if token is None else self._open(token)[0]
        return _id_of(key, "meta", json.dumps(sorted(meta.items())))

    def _open(self, token: str) -> tuple[bytes, dict[str, Any]]:
        match = re.fullmatch(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})", token)
        for key in self._keys if match else ():
            # As texts: the last digit stands for four bits, and must be written in one way only.
            if match and hmac.compare_digest(_encode(_mac(key, match[1])), match[2]):
                return key, json.loads(_decode(match[1]))
        raise invalid_grant()


@dataclass(frozen=True)
class Receipt:
    """A file that is in the bucket, as the signer has seen it there."""

    bucket: str
    key: str
    name: str
    """The name of the file, as the person has chosen it."""
    size: int
    """Bytes, as the bucket says."""
    type: str
    """Media type, as the bucket says."""
    etag: str
    """Without quotes, as the bucket says."""
    expires: int
    """When the receipt ends, in seconds since 1970."""
    user: Optional[str] = None
    route: Optional[str] = None


class ReceiptError(Exception):
    """A receipt that is refused.

    :param code: ``receipt-invalid``, ``receipt-expired`` or ``receipt-foreign``
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def write_receipt(secrets: Sequence[str], receipt: Receipt) -> str:
    fields = {name: value for name, value in asdict(receipt).items() if value is not None}
    text = f"v1.{_encode(json.dumps(fields, separators=(',', ':')).encode())}"
    return f"{text}.{_encode(_mac(_receipt_key(secrets[0]), text))}"


def read_receipt(
    secret: Union[str, Sequence[str]],
    text: str,
    *,
    user: Optional[str],
    route: Optional[str] = None,
    bucket: Optional[str] = None,
) -> Receipt:
    """Checks a receipt that a form has sent. The receipts of ``createSigner`` are the same.

    :param secret: that of the signer; a list while it is replaced
    :param user: who sends it, or one person could send the receipt of another; ``None`` for nobody
    :param route: compared if it is named
    :param bucket: compared if it is named
    :raises ReceiptError: ``receipt-invalid``, ``receipt-expired`` or ``receipt-foreign``
    :raises ValueError: when there is no secret, or a short one
    """
    match = re.fullmatch(r"(v1\.([A-Za-z0-9_-]+))\.([A-Za-z0-9_-]{43})", str(text))
    macs = [_encode(_mac(_receipt_key(each), match[1])) for each in read_secrets(secret) if match]
    if not match or not any(hmac.compare_digest(mac, match[3]) for mac in macs):
        raise ReceiptError("receipt-invalid", "The text is no receipt of this signer.")
    receipt = Receipt(**json.loads(_decode(match[2])))
    if receipt.expires <= time.time():
        raise ReceiptError("receipt-expired", "The receipt has expired.")
    is_theirs = receipt.user == user and route in (None, receipt.route)
    if not is_theirs or bucket not in (None, receipt.bucket):
        raise ReceiptError("receipt-foreign", "The receipt is for another user, route or bucket.")
    return receipt


def read_secrets(secret: Union[str, Sequence[str]]) -> list[str]:
    """:raises ValueError: for none, or one of less than 16 characters"""
    secrets = [secret] if isinstance(secret, str) else list(secret or ())
    if not secrets or any(not isinstance(it, str) or len(it) < 16 for it in secrets):
        raise ValueError('"secret" must have at least 16 characters, and so must each in a list.')
    return secrets


def _receipt_key(secret: str) -> bytes:
    return _mac(secret.encode(), "bucket-upload receipt")


def _id_of(key: bytes, *values: Union[str, int, None]) -> str:
    # The space after the first word keeps these apart from a payload, which has none.
    return _mac(key, f"id {json.dumps(values)}").hex()[:32]


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")
