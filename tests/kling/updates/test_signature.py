"""Signatures are judged as RFC 8032 says, by its own examples."""

from __future__ import annotations

import pytest

from kling_desktop.kling.updates.signature import _ORDER, is_signed

EXAMPLES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
        "8dc027beceea1ec40a",
    ),
]
"""Public key, message and signature in hexadecimal: section 7.1, tests 1 to 3."""


@pytest.mark.parametrize(("key", "message", "signature"), EXAMPLES)
def test_the_examples_of_the_rfc_are_signed(key: str, message: str, signature: str) -> None:
    assert is_signed(bytes.fromhex(message), bytes.fromhex(signature), bytes.fromhex(key))


@pytest.mark.parametrize("byte", [0, 31, 32, 63])
def test_a_signature_with_one_other_bit_is_none(byte: int) -> None:
    key, message, signature = (bytes.fromhex(part) for part in EXAMPLES[2])
    changed = bytearray(signature)
    changed[byte] ^= 1
    assert not is_signed(message, bytes(changed), key)


def test_another_message_or_key_is_not_signed() -> None:
    key, message, signature = (bytes.fromhex(part) for part in EXAMPLES[2])
    assert not is_signed(message + b"!", signature, key)
    assert not is_signed(message, signature, bytes.fromhex(EXAMPLES[1][0]))


def test_the_same_signature_written_otherwise_is_refused() -> None:
    """The answer plus the order of the group fulfils the equation too: only the one way of writing it counts."""
    key, message, signature = (bytes.fromhex(part) for part in EXAMPLES[1])
    answer = int.from_bytes(signature[32:], "little") + _ORDER
    assert not is_signed(message, signature[:32] + answer.to_bytes(32, "little"), key)


@pytest.mark.parametrize("key", [b"", bytes(31), b"\xff" * 32, b"\x02" + bytes(31)])
def test_what_is_no_key_signs_nothing(key: bytes) -> None:
    assert not is_signed(b"", bytes.fromhex(EXAMPLES[0][2]), key)
