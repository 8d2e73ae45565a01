"""``status``: how far the site is with a stored file, and its link once that is over."""

from __future__ import annotations

from dataclasses import replace

from .call import Call, Response
from .discard import discard_grant_after
from .errors import SignerError
from .fields import Fields
from .grants import MULTIPART_GRANT_LIFE, Grant
from .links import Wish, finish
from .outcomes import Done, Processing, checked


def status(call: Call, ask: Fields) -> Response:
    """Only for the grant that came with ``processing``: nobody can ask about the file of another."""
    if call.rules.status is None:
        raise _unsupported()
    return status_of(call, call.grant(ask, "processing"), Wish())


def status_of(call: Call, grant: Grant, wish: Wish) -> Response:
    if call.rules.status is None:
        raise _unsupported()
    told = checked("status", call.rules.status(call.stored_file(grant), grant.job))
    if not isinstance(told, Done):
        return _going(grant, told or Processing())
    # What was moved is the site's own.
    is_here = told.key in (None, grant.key)
    discard = discard_grant_after(call, grant) if is_here else {}
    return {**finish(call, grant, told, wish), **discard}


def begin(call: Call, stored: Grant, processing: Processing) -> Response:
    """What the page gets of work that has begun: how far it is, and the grant to ask with.

    :param stored: with what the bucket has said of the object
    :raises ValueError: when there is nobody to ask
    """
    if call.rules.status is None:
        raise ValueError('"on_uploaded" returned Processing: "status" must say how far that is.')
    # A week: a long film may wait in a queue, and this grant stores nothing.
    expires = call.seconds + MULTIPART_GRANT_LIFE
    granted = replace(stored, purpose="processing", expires=expires, job=processing.id)
    return {**_going(stored, processing), "grant": call.issue(granted)}


def _going(grant: Grant, processing: Processing) -> Response:
    progress = {} if processing.progress is None else {"progress": processing.progress}
    data = {} if processing.data is None else {"data": processing.data}
    return {"key": grant.key, "processing": progress, **data}


def _unsupported() -> SignerError:
    return SignerError("unsupported-op", "This signer does nothing with files after their upload.")
