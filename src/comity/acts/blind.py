"""The arithmetic of the blind match: private set intersection after Meadows (1986) and Huberman et al. (1999).

A value becomes a point of the prime-order group of edwards25519; each side multiplies by a secret number of its own,
and the order of the two multiplications does not matter. So equal values meet under both secrets, and under one secret
a point says nothing (decisional Diffie–Hellman). libsodium does the arithmetic (PyNaCl).

A value is hashed to the group as RFC 9380 §3 asks of a random oracle: two independent maps, added. What comes from the
other side is taken only if it is a point of the prime-order group, so that no small subgroup can tell of the secret.
"""

import secrets
from collections.abc import Iterable, Sequence
from hashlib import sha512
from typing import Final

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_from_uniform,
    crypto_core_ed25519_is_valid_point,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_noclamp,
)

from comity.policy.saying import sentence

POINT_BYTES: Final = 32
_CONTEXT: Final = b"comity-blind-match/1\0"


class BadPoint(ValueError):
    """What came is no point of the group, or stands there twice; nothing is answered to it."""


def secret() -> bytes:
    """Draw a secret number, for one match alone."""
    return crypto_core_ed25519_scalar_reduce(secrets.token_bytes(64))


def point(value: str) -> bytes:
    """Hash a value to the group."""
    digest = sha512(_CONTEXT + value.encode()).digest()
    halves = (digest[:POINT_BYTES], digest[POINT_BYTES:])
    return crypto_core_ed25519_add(*(crypto_core_ed25519_from_uniform(half) for half in halves))


def blinded(points: Iterable[bytes], key: bytes) -> list[bytes]:
    """Multiply points by a secret number, in their order."""
    return [crypto_scalarmult_ed25519_noclamp(key, one) for one in points]


def checked(points: Sequence[bytes]) -> Sequence[bytes]:
    """Return what the other side sent; `BadPoint` where one is no point of the prime-order group, or comes twice."""
    for number, one in enumerate(points):
        if len(one) != POINT_BYTES or not crypto_core_ed25519_is_valid_point(one):
            raise BadPoint(sentence("point {number} is none of the group", number=number))
    if len(set(points)) != len(points):
        raise BadPoint(sentence("a point comes twice"))
    return points
