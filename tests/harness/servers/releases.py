"""A publisher for tests: signs what it says about the newest version."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from kling_desktop.kling.updates.signature import _BASE, _ORDER, _P, _times

_SEED = hashlib.sha512(b"a publisher of the tests").digest()
_SECRET = int.from_bytes(_SEED[:32], "little") % _ORDER


def _packed(factor: int) -> bytes:
    x, y, z, _ = _times(factor, _BASE)
    inverse = pow(z, -1, _P)
    return ((y * inverse % _P) | ((x * inverse % _P & 1) << 255)).to_bytes(32, "little")


PUBLIC_KEY = _packed(_SECRET)


def signed(text: str) -> bytes:
    """The answer with `text` and its signature, as it is served."""
    nonce = int.from_bytes(hashlib.sha512(_SEED[32:] + text.encode()).digest(), "little") % _ORDER
    commitment = _packed(nonce)
    challenge = int.from_bytes(hashlib.sha512(commitment + PUBLIC_KEY + text.encode()).digest(), "little") % _ORDER
    answer = (nonce + challenge * _SECRET) % _ORDER
    signature = base64.b64encode(commitment + answer.to_bytes(32, "little")).decode()
    return json.dumps({"signed": text, "signature": signature}).encode()


def release(**changed: Any) -> str:
    """The text about a release that is newer than any."""
    told = {
        "version": "99.1",
        "date": "2030-01-02",
        "page": "https://kling-desktop.invalid/99.1",
        "changes": {"en": "Faster.", "zh_CN": "更快。"},
    }
    return json.dumps(told | changed, ensure_ascii=False)
