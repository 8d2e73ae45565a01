"""The operations of the protocol. See docs/signer-protocol.md, "The ops"."""

from __future__ import annotations

from typing import Callable

from .call import Call, Response
from .complete import complete
from .discard import discard
from .fields import Fields
from .link import link
from .multipart import abort, create, part, parts
from .processing import status
from .put import put

OPERATIONS: dict[str, Callable[[Call, Fields], Response]] = {
    each.__name__: each for each in (put, create, part, parts, complete, abort, link, status, discard)
}
