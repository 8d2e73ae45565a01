"""A signer for bucket-upload: presigned URLs for uploads from browsers, in Python.

See README.md.
"""

from .bucket import GUARD_HEADERS
from .counters import Amount, Counter, MemoryCounter, RedisCounter, Refused
from .errors import SignerError
from .grants import Receipt, ReceiptError, read_receipt
from .limits import Limit
from .outcomes import Done, Processing
from .rules import Caller, NewFile, Rules, StoredFile, key_with_name, key_with_path
from .signer import Answer, Signer

__all__ = [
    "GUARD_HEADERS",
    "Amount",
    "Answer",
    "Caller",
    "Counter",
    "Done",
    "Limit",
    "MemoryCounter",
    "NewFile",
    "Processing",
    "Receipt",
    "ReceiptError",
    "RedisCounter",
    "Refused",
    "Rules",
    "Signer",
    "SignerError",
    "StoredFile",
    "key_with_name",
    "key_with_path",
    "read_receipt",
]
