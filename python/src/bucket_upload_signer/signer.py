"""The signer: one call in, one answer out, whatever web framework is around it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Callable, NamedTuple, Optional, Union

from .amounts import Duration, parse_duration
from .bucket import Bucket, BucketError, log
from .call import Call, Response, Settings
from .counters import Counter
from .errors import SignerError, bad_request, invalid_grant
from .fields import Fields
from .grants import Grants, read_secrets
from .limits import Limit, Limits
from .operations import OPERATIONS
from .rules import Caller, Rules

Origins = Union[str, Sequence[str], Callable[[str], bool]]

_MAX_BODY = 1_000_000
"""Bytes. A thousand requests of ordinary size take a quarter of it."""

_MAX_REQUESTS = 1000


class Answer(NamedTuple):
    """What a view hands on as it is."""

    status: int
    headers: dict[str, str]
    body: bytes


class Signer:
    """Answers the requests of the browser with presigned URLs for one bucket.

    It keeps no state, so any number of copies can run side by side, and it never raises: what was not
    expected is logged under ``bucket_upload_signer``, and answered without details.

    >>> signer = Signer(boto3.client("s3"), "photos", secret=os.environ["SIGNER_SECRET"])

    :param client: of ``boto3.client("s3", …)`` or ``ibm_boto3.client("s3", …)``: its keys sign
    :param bucket: name of the bucket
    :param secret: signs the grants; at least 16 characters, the same for all copies of the signer. In a
        list, the first signs, and what was signed with the others stays valid: for at most a week
    :param rules: what may be uploaded, and where it goes
    :param routes: kinds of uploads with rules of their own, by name. Then the page must name one
    :param limits: how much may be uploaded, by user, route or address
    :param counter: counts for the limits: a ``RedisCounter`` where there are several processes
    :param origins: of the pages that may call it from elsewhere: a list, ``"*"``, or a function. Pages of
        the signer's own host always may
    :param upload_expires: lifetime of the URLs for uploads. With keys of a role at most ``"10m"``, since
        botocore renews them when they have 10 to 15 minutes left
    :param download_expires: longest lifetime of the links
    :param disposition: ``"attachment"`` saves files, ``"inline"`` shows those that are harmless
    :param guards: headers that are signed along; they follow from the host of the bucket
    :param has_forms: whether the bucket takes forms; follows from its host
    :raises ValueError: that names what is wrong
    """

    def __init__(
        self,
        client: Any,
        bucket: str,
        *,
        secret: Union[str, Sequence[str]],
        rules: Optional[Rules] = None,
        routes: Optional[Mapping[str, Rules]] = None,
        limits: Sequence[Limit] = (),
        counter: Optional[Counter] = None,
        origins: Origins = (),
        upload_expires: Duration = "15m",
        download_expires: Duration = "1h",
        disposition: str = "attachment",
        guards: Optional[Mapping[str, str]] = None,
        has_forms: Optional[bool] = None,
    ) -> None:
        if disposition not in ("attachment", "inline"):
            raise ValueError('"disposition" must be "attachment" or "inline".')
        if isinstance(origins, str) and origins != "*":
            raise ValueError('"origins" must be a list, "*" or a function.')
        if routes is not None and not routes:
            raise ValueError('"routes" has none.')
        if routes is not None and rules is not None:
            raise ValueError('"rules" are those of a signer without "routes".')
        for limit in limits:
            if limit.route is not None and limit.route not in (routes or {}):
                raise ValueError(f'"limits": there is no route "{limit.route}".')
        place = Bucket(client, bucket, guards, has_forms)
        secrets = read_secrets(secret)
        self._rules = rules or Rules()
        self._routes = routes
        self._origins = origins
        self._settings = Settings(
            bucket=place,
            secrets=secrets,
            grants=Grants(secrets, f"{place.endpoint} {place.name}"),
            limits=Limits(limits, counter, place),
            upload_expires=parse_duration(upload_expires),
            download_expires=parse_duration(download_expires),
            disposition=disposition,
        )

    def handle(
        self, method: str, headers: Mapping[str, str], body: bytes, caller: Optional[Caller]
    ) -> Answer:
        """Answers a POST or an OPTIONS to the signer's URL.

        :param headers: of the request; the case of their names does not matter
        :param body: of the request, as it came
        :param caller: who asks; ``None`` is answered with 401, and ``Caller()`` is anybody
        """
        asked = {name.lower(): value for name, value in headers.items()}
        answered = {
            "Cache-Control": "no-store",
            "Vary": "Origin, Access-Control-Request-Headers",
        }
        try:
            answered.update(self._judge_origin(asked))
            if method == "OPTIONS":
                return Answer(204, {**answered, **_preflight_headers(asked)}, b"")
            if method != "POST":
                answered["Allow"] = "POST, OPTIONS"
                raise SignerError("bad-request", "Send a POST request.", status=405)
            if caller is None:
                raise SignerError("unauthorized", "Sign in to upload files.")
            return _json(200, answered, self._answer(_read_body(asked, body), caller))
        except Exception as error:
            refusal = _to_refusal(error)
            if refusal.retry_after is not None:
                answered["Retry-After"] = str(math.ceil(refusal.retry_after))
            said = {"code": refusal.code, "message": refusal.message}
            return _json(refusal.status, answered, {"error": said})

    def _answer(self, body: Fields, caller: Caller) -> Response:
        now = datetime.now(timezone.utc)
        requests = body.objects("requests")
        if len(requests) > _MAX_REQUESTS:
            raise bad_request(f"Send at most {_MAX_REQUESTS} requests at a time.")
        ids = [request.text("id", 128) for request in requests]
        ops = [request.text("op", 128) for request in requests]
        if len(set(ids)) < len(ids):
            raise bad_request('Each request needs a different "id".')
        refusals = []
        responses = []
        for id, op, request in zip(ids, ops, requests):
            try:
                responses.append({"id": id, **self._answer_one(op, request, caller, now)})
            except Exception as error:
                refusal = _to_refusal(error)
                refusals.append(refusal)
                checksum = {} if refusal.checksum is None else {"checksum": refusal.checksum}
                said = {"code": refusal.code, "message": refusal.message, **checksum}
                responses.append({"id": id, "error": said})
        _refuse_all(refusals, len(requests))
        return {"version": 1, "date": now.isoformat(timespec="milliseconds"), "responses": responses}

    def _answer_one(self, op: str, request: Fields, caller: Caller, now: datetime) -> Response:
        operation = OPERATIONS.get(op)
        if operation is None:
            raise SignerError("unsupported-op", "This signer does not know this operation.")
        route = self._route_of(op, request)
        rules = self._rules if route is None else (self._routes or {})[route]
        is_allowed = route is None or caller.routes is None or route in caller.routes
        if not is_allowed and op in ("put", "create", "part", "complete"):
            raise SignerError("forbidden", f'You may not upload by the route "{route}".')
        return operation(Call(self._settings, caller, rules, route, now), request)

    def _route_of(self, op: str, request: Fields) -> Optional[str]:
        """That which a new file names, or that which a grant was given by."""
        if op in ("put", "create"):
            route = request.optional_text("route", 64)
            if route is None and self._routes is not None:
                raise bad_request('This signer has routes: name one with "route".')
            if route is not None and route not in (self._routes or {}):
                raise bad_request(f'This signer has no route "{route}".')
            return route
        if self._routes is None or not request.has("grant"):
            return None
        route = self._settings.grants.route_of(request.text("grant", 8192))
        # One from before there were routes was given by other rules than there are now.
        if route not in self._routes:
            raise invalid_grant()
        return route

    def _is_listed(self, origin: str) -> bool:
        if callable(self._origins):
            return bool(self._origins(origin))
        return self._origins == "*" or origin in self._origins

    def _judge_origin(self, asked: Mapping[str, str]) -> dict[str, str]:
        """The headers by which a page of another origin can read the answer.

        Without an origin it is no page of another site: browsers add it to every POST. See
        https://fetch.spec.whatwg.org/#origin-header

        :raises SignerError: ``origin-not-allowed``
        """
        origin = asked.get("origin")
        if origin is None:
            return {}
        if not self._is_listed(origin):
            # By host: a signer behind a proxy cannot see whether the page was loaded by https.
            if "host" in asked and origin.lower().split("://")[-1] == asked["host"].lower():
                return {}
            said = "Pages of this origin may not use this signer."
            raise SignerError("origin-not-allowed", said)
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After",
        }
        # With every origin allowed, a page anywhere could otherwise act with the visitor's cookies.
        if self._origins != "*":
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers


def _read_body(asked: Mapping[str, str], body: bytes) -> Fields:
    # A form of another site cannot send this type without a preflight.
    if asked.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise SignerError("bad-request", "Send the request as application/json.", status=415)
    if len(body) > _MAX_BODY:
        said = f"The body is longer than {_MAX_BODY} bytes. Send fewer requests at a time."
        raise SignerError("bad-request", said, status=413)
    try:
        fields = Fields(json.loads(body.decode("utf-8", "replace")), "The body")
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None
    if not fields.is_one("version"):
        raise SignerError("unsupported-version", '"version" must be 1.')
    return fields


def _preflight_headers(asked: Mapping[str, str]) -> dict[str, str]:
    """The requested headers are all allowed: the origin has been checked."""
    requested = asked.get("access-control-request-headers")
    return {
        "Allow": "POST, OPTIONS",
        "Access-Control-Allow-Methods": "POST",
        # Browsers cap it on their own: Firefox at a day, Chromium at two hours.
        "Access-Control-Max-Age": "7200",
        **({"Access-Control-Allow-Headers": requested} if requested else {}),
    }


def _to_refusal(error: Exception) -> SignerError:
    if isinstance(error, SignerError):
        return error
    if isinstance(error, BucketError):
        return error.refusal()
    log.error("The signer failed.", exc_info=error)
    return SignerError("internal-error", "The signer failed. Try again later.")


def _refuse_all(refusals: Sequence[SignerError], count: int) -> None:
    """Where all has to wait, the whole call has to: only its headers say for how long.

    :raises SignerError: ``rate-limited``
    """
    waits = [it for it in refusals if it.code == "rate-limited" and it.retry_after is not None]
    if waits and len(waits) == count:
        raise min(waits, key=lambda refusal: refusal.retry_after or 0)


def _json(status: int, headers: Mapping[str, str], body: Response) -> Answer:
    return Answer(status, {**headers, "Content-Type": "application/json"}, json.dumps(body).encode())
