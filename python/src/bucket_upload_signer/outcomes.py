"""What the hooks ``on_uploaded`` and ``status`` return: whether the site is done with a file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Union
from urllib.parse import urlsplit

_MOST_DATA = 8192
"""The most characters of data, as JSON."""

_MOST_ID = 1024
"""The most characters of an id, which travels in the grant."""


@dataclass(frozen=True)
class Done:
    """The file is done: the page gets its link.

    :raises ValueError: that names what is wrong
    """

    data: Any = None
    """Any JSON for the page, where it is ``data`` of the event ``file-uploaded``; at most 8,192
    characters."""
    link: Optional[str] = None
    """What people open, if that is not the file itself: an absolute URL."""
    link_expires_at: Optional[datetime] = None
    """When that stops working; a link of yours does not, by default."""
    key: Optional[str] = None
    """Where the file is now, if it was moved. For ``status`` only."""

    def __post_init__(self) -> None:
        _check_data(self.data)
        if self.link is not None and not _is_web_url(self.link):
            raise ValueError('"link" must be an absolute URL.')


@dataclass(frozen=True)
class Processing:
    """The site still works on the file, with a scan or a transcoding for instance.

    The page asks ``status`` until that is over, and gets no link before.

    :raises ValueError: that names what is wrong
    """

    id: str = ""
    """What ``status`` gets again, such as the id of a job; at most 1,024 characters. The browser can read
    it, and not change it: no secret."""
    progress: Optional[float] = None
    """How much is done, from 0 to 1, where that is known."""
    data: Any = None
    """As that of :class:`Done`."""

    def __post_init__(self) -> None:
        _check_data(self.data)
        if not isinstance(self.id, str) or len(self.id) > _MOST_ID:
            raise ValueError(f'"id" must be a text of at most {_MOST_ID} characters.')
        if self.progress is not None and not 0 <= self.progress <= 1:
            raise ValueError('"progress" must be from 0 to 1.')


Outcome = Union[Done, Processing, None]
"""Nothing is "done" to ``on_uploaded``, and "not done yet" to ``status``."""


def checked(hook: str, outcome: Any) -> Outcome:
    """:raises TypeError: for anything else, which would be lost without a word"""
    if outcome is None or isinstance(outcome, (Done, Processing)):
        return outcome
    raise TypeError(f'"{hook}" returned {type(outcome).__name__}: return Done, Processing or None.')


def _check_data(data: Any) -> None:
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError('"data" must be JSON.') from None
    if len(text) > _MOST_DATA:
        raise ValueError(f'"data" must be at most {_MOST_DATA} characters as JSON.')


def _is_web_url(text: str) -> bool:
    return bool(re.match(r"https?://", text) and urlsplit(text).hostname)
