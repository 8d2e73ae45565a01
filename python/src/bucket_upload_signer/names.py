"""Names of files and keys, and media types: what a stranger wrote, made safe."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Union
from urllib.parse import quote

from .errors import SignerError

UNKNOWN_TYPE = "application/octet-stream"

MAX_KEY_BYTES = 1024
"""See https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""

_MAX_NAME_BYTES = 120

# Code points that nobody sees, of which some count as letters or marks (Default_Ignorable).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# RFC 6838, section 4.2 for the names; parameters by RFC 9110, section 5.6.6, without quoted text.
_NAME = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(
    rf"(application|audio|font|haptics|image|message|model|text|video)/({_NAME})"
    r"(; ?[a-z0-9-]+=[a-z0-9!#$&^_.+-]+){0,4}",
    re.IGNORECASE,
)

_SHOWN = {
    "image": "apng avif bmp gif heic heif jp2 jpeg jpg jxl pjpeg png tiff vnd.microsoft.icon webp x-icon",
    "audio": "3gpp aac ac3 flac midi mp3 mp4 mpeg ogg opus vorbis wav webm x-flac x-m4a x-wav",
    "video": "3gpp h264 mp4 mpeg ogg quicktime webm x-m4v x-matroska x-msvideo",
    "application": "pdf",
    "text": "plain",
}
_HARMLESS = {f"{top}/{sub}" for top, subs in _SHOWN.items() for sub in subs.split()}


def clean_name(name: str) -> str:
    """Safe as the last segment of a key, in a URL, a shell or a page.

    Letters and digits of any script stay, as do ``.``, ``_`` and ``-``; all else becomes one ``-``.

    :returns: at most 120 UTF-8 bytes, with the extension; ``file`` when nothing is left
    """
    kept = ""
    for character in _INVISIBLE.sub("-", unicodedata.normalize("NFC", _last_segment(name))):
        category = unicodedata.category(character)[0]
        # A mark stays with its letter: many scripts cannot be written without.
        is_mark = category == "M" and kept[-1:] not in ("", "-", ".", "_")
        kept += character if character in "._" or category in "LN" or is_mark else "-"
    cleaned = re.sub(r"\A\.[.-]*", "", re.sub("-+", "-", kept))
    stem, extension = split_extension(cleaned)
    end = extension.rstrip("-.")
    short = _cut(stem.strip("-."), _MAX_NAME_BYTES - len(end.encode())).strip("-.")
    return (short or "file") + end


def clean_path(path: str) -> str:
    """Cleans each segment, and drops those that are empty, ``.`` or ``..``."""
    segments = [part for part in re.split(r"[/\\]", path) if part not in ("", ".", "..")]
    cleaned = "/".join(clean_name(segment) for segment in segments) or "file"
    return unique(cleaned, path)


def unique(clean: str, given: str) -> str:
    """A text for a key that no other text gets.

    Cleaning makes "a b" and "a-b" the same: so what it has changed is marked with 12 digits of a hash
    of what it was, and so is what looks like it.
    """
    if clean == given and not re.search(r"-[0-9a-f]{12}(\.[^./]{1,19})?\Z", given):
        return clean
    folder, slash, name = clean.rpartition("/")
    stem, extension = split_extension(name)
    digits = hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{folder}{slash}{_cut(stem, 100)}-{digits}{extension}"


def split_extension(name: str) -> tuple[str, str]:
    """``photo.jpg`` as ``photo`` and ``.jpg``. More than 20 bytes are no extension."""
    stem, dot, end = name.rpartition(".")
    if stem == "" or end == "" or len(end.encode()) > 19:
        return name, ""
    return stem, dot + end


def download_name(name: str) -> str:
    """The name under which a file is saved: its own, without what hides the true extension.

    :returns: at most 180 UTF-8 bytes, with the extension; ``file`` when nothing is left
    """
    seen = "".join(each for each in _last_segment(name) if unicodedata.category(each) not in ("Cc", "Cs"))
    stem, extension = split_extension(_BIDI.sub("", seen).strip())
    return _cut(stem, 160) + extension or "file"


def content_disposition(disposition: str, name: str) -> str:
    """The header: the name in ASCII for old clients, then in full.

    See RFC 6266, appendix D, and RFC 8187, section 3.2.
    """
    ascii_name = re.sub(r'[^ -~]|["\\%]', "_", name)
    return f"{disposition}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def clean_media_type(text: str) -> str:
    """The media type that a client names, if it is one.

    Of a type that is none, a browser makes what the bytes look like: a page, maybe. See
    https://mimesniff.spec.whatwg.org/#mime-type-sniffing-algorithm
    """
    match = _MEDIA_TYPE.fullmatch(text)
    return text if match and match[2].lower() != "unknown" else UNKNOWN_TYPE


def may_be_shown(media_type: str) -> bool:
    """Whether nothing can run in it, so that a browser may show it under the bucket's origin."""
    return media_type.split(";")[0].strip().lower() in _HARMLESS


def accepts(accept: Union[str, Sequence[str]], name: str, media_type: str) -> bool:
    """Whether a file is in a list as that of ``<input accept>``; without a list each is."""
    listed = accept.split(",") if isinstance(accept, str) else accept
    tokens = [token.strip().lower() for token in listed if token.strip()]
    essence = media_type.split(";")[0].strip().lower()
    return not tokens or any(
        token in ("*", "*/*", essence)
        or (token.startswith(".") and name.lower().endswith(token))
        or (token.endswith("/*") and essence.startswith(token[:-1]))
        for token in tokens
    )


def check_key(key: str) -> None:
    """Refuses a key that would be another one in a URL.

    See https://url.spec.whatwg.org/#double-dot-path-segment

    :raises SignerError: ``invalid-key``
    """
    categories = {unicodedata.category(character) for character in key}
    segments = key.split("/")
    if "Cc" in categories or "Cs" in categories:
        problem = "has a control character, or half a surrogate pair"
    elif len(key.encode()) > MAX_KEY_BYTES:
        problem = f"is longer than {MAX_KEY_BYTES} bytes"
    elif "" in segments or "." in segments or ".." in segments:
        problem = 'has an empty segment, or one that is "." or ".."'
    else:
        return
    raise SignerError("invalid-key", f"The key {problem}.")


def _last_segment(name: str) -> str:
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1]


def _cut(text: str, most: int) -> str:
    """The longest beginning that fits into so many UTF-8 bytes."""
    return text.encode()[: max(most, 0)].decode("utf-8", "ignore")
