"""The bucket, by the client that the site has: of boto3 or of IBM's SDK."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional
from urllib.parse import urlsplit

from .errors import SignerError

log = logging.getLogger("bucket_upload_signer")

MIB = 2**20

MAX_PUT = 5 * 2**30
"""The most bytes of one PUT, and of one part."""

MAX_PARTS = 10_000

GUARD_HEADERS = {
    "x-amz-copy-source-if-match": '"0"',
    "x-amz-copy-source-range": "none",
    "x-amz-acl": "private",
}
"""Signed along where a server takes headers that are not signed, as Ceph and MinIO do: with the URL of
a PUT one could else copy any object, or make the file public. See docs/security.md."""


@dataclass(frozen=True)
class Service:
    """What a signer has to know of a service. See src/s3/providers.ts for the sources."""

    host: str
    """A regular expression for the end of its hosts."""
    guards: Mapping[str, str] = field(default_factory=dict)
    has_forms: bool = False
    """Whether it takes forms with a POST policy."""
    min_part: int = 5 * MIB
    ideal_part: int = 64 * MIB
    part_multiple: int = 1
    """Part sizes are a multiple of this. All in bytes."""


_SERVICES = [
    Service(r"\.amazonaws\.com(\.cn)?", has_forms=True),
    Service(r"\.(r2\.cloudflarestorage|backblazeb2|wasabisys|s3\.qencode)\.com"),
    Service(r"\.storjshare\.io", GUARD_HEADERS, has_forms=True),
    Service(
        r"\.cloud-object-storage\.appdomain\.cloud",
        min_part=20 * MIB,
        ideal_part=96 * MIB,
        part_multiple=4 * MIB,
    ),
]
_OTHER = Service("", GUARD_HEADERS)


class Seen(NamedTuple):
    """What tells an object from any other that may be at its key later."""

    etag: str
    """Without quotes."""
    modified: int
    """When it was stored, in seconds since 1970: the same bytes have the same ETag."""
    version: str
    """Empty where the bucket keeps none."""


def seen(head: Mapping[str, Any]) -> Seen:
    """:param head: what the bucket says of an object"""
    version = str(head.get("VersionId", ""))
    # What was stored before a bucket has kept versions has the version "null", which is replaced.
    kept = "" if version == "null" else version
    return Seen(head.get("ETag", "").strip('"'), int(head["LastModified"].timestamp()), kept)


class BucketError(Exception):
    """The bucket refused, or could not be reached.

    :param code: of S3; empty where there was no answer
    :param status: of HTTP; 0 where there was no answer
    """

    def __init__(self, operation: str, code: str, status: int) -> None:
        said = f"answered {code}" if code else "cannot be reached"
        super().__init__(f"The bucket {said}.")
        self.operation = operation
        self.code = code
        self.status = status

    @property
    def is_gone(self) -> bool:
        """The upload was completed, aborted or has expired. Ceph says it in its own way."""
        return self.code in ("NoSuchUpload", "NoSuchKey")

    def refusal(self) -> SignerError:
        log.error("%s, HTTP status %s: %s", self.operation, self.status, self)
        return SignerError("internal-error", str(self))


# What the signature must cover besides the host. Set in the thread that signs, while it signs.
_signed: ContextVar[Optional[Mapping[str, str]]] = ContextVar("signed", default=None)


@contextmanager
def _signing(headers: Mapping[str, str]) -> Iterator[None]:
    token = _signed.set(headers)
    try:
        yield
    finally:
        _signed.reset(token)


def _sign_by_v4(**_: Any) -> Optional[str]:
    """Left alone, botocore signs URLs of some regions by version 2, which binds no size."""
    return None if _signed.get() is None else "s3v4"


def _add_headers(request: Any, **_: Any) -> None:
    headers = _signed.get()
    if headers is None:
        return
    for name in list(request.headers):
        # Botocore adds those of an empty body, which nobody will send.
        if re.match(r"x-amz-(sdk-)?checksum-", name, re.IGNORECASE):
            del request.headers[name]
    for name, value in headers.items():
        del request.headers[name]
        request.headers[name] = value


class Bucket:
    """Signs for one bucket, and asks it.

    :param client: of ``boto3.client("s3")`` or ``ibm_boto3.client("s3")``; its own requests stay as they
        are. Its keys sign, also those of a role: botocore renews them
    :param name: of the bucket
    :param guards: see :data:`GUARD_HEADERS`; follows from the host
    :param has_forms: whether it takes forms; follows from the host
    """

    def __init__(
        self,
        client: Any,
        name: str,
        guards: Optional[Mapping[str, str]] = None,
        has_forms: Optional[bool] = None,
    ) -> None:
        self._client = client
        self.name = name
        self.endpoint = str(client.meta.endpoint_url)
        host = urlsplit(self.endpoint).hostname or ""
        found = (each for each in _SERVICES if re.search(rf"{each.host}\Z", host))
        self.service = next(found, _OTHER)
        self.guards = dict(self.service.guards if guards is None else guards)
        self.has_forms = self.service.has_forms if has_forms is None else has_forms
        events = client.meta.events
        events.register_first("choose-signer.s3", _sign_by_v4, unique_id="bucket-upload-v4")
        events.register("before-sign.s3", _add_headers, unique_id="bucket-upload-headers")

    def presign(self, operation: str, expires_in: int, headers: Mapping[str, str], **params: Any) -> str:
        """A URL for one request.

        :param operation: as a method of the client: ``put_object``
        :param expires_in: seconds
        :param headers: which the request must carry with exactly these values
        """
        with _signing(headers):
            url: str = self._client.generate_presigned_url(
                operation, Params={"Bucket": self.name, **params}, ExpiresIn=expires_in
            )
        return url

    def presign_form(
        self, key: str, size: int, fields: Mapping[str, str], expires_in: int
    ) -> dict[str, Any]:
        """``url`` and ``fields`` of a form that stores one object: this key, this size, these fields."""
        conditions: list[Any] = [["eq", f"${name}", value] for name, value in fields.items()]
        conditions.append(["content-length-range", size, size])
        with _signing({}):
            form: dict[str, Any] = self._client.generate_presigned_post(
                self.name, key, dict(fields), conditions, expires_in
            )
        return form

    def ask(
        self, operation: str, headers: Optional[Mapping[str, str]] = None, **params: Any
    ) -> dict[str, Any]:
        """Has the client do something, with its own timeouts and retries.

        :raises BucketError:
        """
        try:
            with _signing(headers or {}):
                method = getattr(self._client, operation)
                answer: dict[str, Any] = method(Bucket=self.name, **params)
                return answer
        except self._client.exceptions.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            raise BucketError(operation, re.sub(r"\W", "", code)[:64], status) from None
        except Exception as error:
            # Only its kind: what it says may have a signed URL in it.
            log.error("%s: %s", operation, type(error).__name__)
            raise BucketError(operation, "", 0) from None

    def head(self, key: str, version: str = "") -> Optional[dict[str, Any]]:
        """What the bucket says of an object; ``None`` if there is none.

        :raises BucketError:
        """
        try:
            return self.ask("head_object", Key=key, **_named(version))
        except BucketError as error:
            if error.status == 404:
                return None
            raise

    def remove(self, key: str, there: Seen) -> None:
        """Removes an object, or one version of it.

        :raises BucketError: with status 412 from buckets that compare the ETag while they remove
        """
        headers = {"If-Match": f'"{there.etag}"'}
        self.ask("delete_object", headers, Key=key, **_named(there.version))

    def list_parts(self, key: str, upload_id: str) -> list[dict[str, Any]]:
        """All parts, page by page. :raises BucketError:"""
        parts: list[dict[str, Any]] = []
        after = 0
        while True:
            page = self.ask("list_parts", Key=key, UploadId=upload_id, PartNumberMarker=after)
            parts += page.get("Parts", [])
            following = page.get("NextPartNumberMarker", 0)
            # With a marker that does not advance the loop would never end.
            if not page.get("IsTruncated") or following <= after:
                return parts
            after = following


def _named(version: str) -> dict[str, Any]:
    return {"VersionId": version} if version else {}


def plan_parts(size: int, service: Service, wish: Optional[int] = None) -> int:
    """Bytes of each part but the last, so that a browser sends them in full rounds of six.

    :param size: of the file, in bytes
    :param wish: the size that suits the line of the client, in bytes
    """
    most = max(min(wish or service.ideal_part, service.ideal_part), service.min_part)
    rounds = max(1, -(-size // (most * 6)))
    least = max(-(-size // (rounds * 6)), service.min_part, -(-size // MAX_PARTS))
    return -(-least // service.part_multiple) * service.part_multiple


def plan_stream(limit: int, service: Service) -> tuple[int, int]:
    """Bytes of each part of a stream, and the most bytes that it may have, of at most ``limit``.

    A browser holds some parts in memory, since it cannot read a stream twice.
    """
    wanted = max(min(-(-limit // MAX_PARTS), 16 * MIB), service.min_part)
    part = -(-wanted // service.part_multiple) * service.part_multiple
    return part, min(limit, part * MAX_PARTS)
