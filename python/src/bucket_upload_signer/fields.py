"""Reads the messages of the protocol. See docs/signer-protocol.md, "Lengths"."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Optional

from .amounts import MOST
from .errors import bad_request

MOST_PARTS = 10_000
"""The limit of S3."""

DIGESTS = {"md5": 16, "crc32": 4, "crc32c": 4, "crc64nvme": 8, "sha1": 20, "sha256": 32}
"""The length of each digest in bytes."""


class Fields:
    """The fields of one object of a message. What is ``None`` is not there.

    All methods raise ``bad-request`` for what is not as the protocol has it.

    :param value: what JSON said
    :param where: its name, for messages
    """

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise bad_request(f"{where} must be an object.")
        self._fields: dict[str, Any] = value

    def has(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def is_true(self, name: str) -> bool:
        return self._fields.get(name) is True

    def is_one(self, name: str) -> bool:
        value = self._fields.get(name)
        return value == 1 and value is not True

    def text(self, name: str, most: int) -> str:
        """:param most: its maximum length in code points"""
        return _text(self._fields.get(name), name, most)

    def optional_text(self, name: str, most: int) -> Optional[str]:
        return self.text(name, most) if self.has(name) else None

    def whole(self, name: str, least: int = 0, most: int = MOST) -> int:
        value = self._fields.get(name)
        # JSON has one kind of number: 1.0 is 1. In Python True is 1, too.
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise bad_request(f"{name} must be a whole number from {least} to {most}.")
        return value

    def optional_whole(self, name: str, least: int = 0, most: int = MOST) -> Optional[int]:
        return self.whole(name, least, most) if self.has(name) else None

    def object(self, name: str) -> Fields:
        return Fields(self._fields.get(name), name)

    def objects(self, name: str) -> list[Fields]:
        items = self._fields.get(name)
        if not isinstance(items, list) or len(items) > MOST_PARTS:
            raise bad_request(f"{name} must be a list of at most {MOST_PARTS} items.")
        return [Fields(item, f"Each of {name}") for item in items]

    def optional_objects(self, name: str) -> Optional[list[Fields]]:
        return self.objects(name) if self.has(name) else None

    def digests(self) -> dict[str, str]:
        """In base64, by their names, not looked at yet."""
        return {name: self.text(name, 128) for name in DIGESTS if self.has(name)}

    def meta(self) -> dict[str, str]:
        if not self.has("meta"):
            return {}
        texts = self.object("meta")._fields
        if len(texts) > 64:
            raise bad_request("meta has more than 64 names.")
        for name, value in texts.items():
            _text(name, "A name of meta", 128)
            _text(value, "A value of meta", 2048)
        if sum(len(name) + len(value) for name, value in texts.items()) > 8192:
            raise bad_request("meta is longer than 8192 characters.")
        return dict(texts)

    def media_type(self) -> str:
        """What is no text, or a long one, counts as none."""
        value = self._fields.get("type")
        return value if isinstance(value, str) and len(value) <= 255 else ""


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str):
        raise bad_request(f"{name} must be a text.")
    if len(value) > most:
        raise bad_request(f"{name} is longer than {most} characters.")
    return value


def check_digest(name: str, value: str) -> str:
    """The value, if it is the digest's bytes in base64 and written in the one right way.

    :raises SignerError: ``bad-request``
    """
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != DIGESTS[name] or base64.b64encode(raw).decode() != value:
        raise bad_request(f'"{name}" must be the {DIGESTS[name]} bytes of it in base64.')
    return value
