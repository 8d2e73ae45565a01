"""Refusals."""

from __future__ import annotations

from typing import Optional

_STATUS = {
    "unauthorized": 401,
    "forbidden": 403,
    "origin-not-allowed": 403,
    "rate-limited": 429,
    "internal-error": 500,
}


class SignerError(Exception):
    """A refusal that the client is told about: code and message go into the answer as they are.

    Raise it from a hook to refuse one file. Any other error counts as a fault of the signer, and is
    answered without details.

    :param code: what happened, for programs: one of docs/errors.md, or one of your own
    :param message: one sentence for people; it is sent to the client
    :param status: HTTP status from 400 to 599 where it refuses a whole call; follows from the code
    :param retry_after: seconds after which the client may try again
    :param checksum: with ``checksum-needed``: which one
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: Optional[int] = None,
        retry_after: Optional[float] = None,
        checksum: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or _STATUS.get(code, 400)
        self.retry_after = retry_after
        self.checksum = checksum


def bad_request(message: str) -> SignerError:
    return SignerError("bad-request", message)


def invalid_grant(message: str = "The grant is not valid.") -> SignerError:
    return SignerError("invalid-grant", message)
