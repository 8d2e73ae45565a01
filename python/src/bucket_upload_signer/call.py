"""What the operations work with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Optional

from .bucket import Bucket
from .fields import Fields
from .grants import Grant, Grants
from .limits import Claim, Limits
from .rules import Caller, Rules, StoredFile

Response = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """What is the same for all calls of a signer."""

    bucket: Bucket
    secrets: Sequence[str]
    grants: Grants
    limits: Limits
    upload_expires: int
    """Seconds, as the next."""
    download_expires: int
    disposition: str


@dataclass(frozen=True)
class Call:
    """Who asks, by which route and rules, and when."""

    settings: Settings
    caller: Caller
    rules: Rules
    route: Optional[str]
    now: datetime

    @property
    def seconds(self) -> int:
        """Since 1970."""
        return int(self.now.timestamp())

    def in_seconds(self, seconds: int) -> str:
        moment = datetime.fromtimestamp(self.seconds + seconds, timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def grant(self, ask: Fields, *purposes: str) -> Grant:
        """:raises SignerError: ``invalid-grant``"""
        return self.settings.grants.read(
            ask.text("grant", 8192),
            purposes,
            user=self.caller.user,
            route=self.route,
            prefix=self.caller.prefix,
            now=self.now.timestamp(),
        )

    def issue(self, grant: Grant) -> str:
        return self.settings.grants.issue(grant, self.caller.user, self.route)

    def claim(self, grant: Grant) -> Claim:
        return Claim(grant.id, grant.key, grant.size, self.route)

    def stored_file(self, stored: Grant) -> StoredFile:
        """:param stored: with what the bucket has said of the object"""
        named = (stored.key, stored.name, stored.size, stored.type, stored.etag)
        return StoredFile(*named, self.route, self.caller)

    @property
    def is_confirmed(self) -> bool:
        """Whether the bucket is asked for each file before its page gets a link."""
        rules = self.rules
        wants = rules.on_uploaded or rules.receipt_expires or rules.discard_expires
        return bool(wants or self.settings.limits.are_for_ever)
