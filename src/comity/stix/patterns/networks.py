"""IP addresses and networks as numbers, for ISSUBSET and ISSUPERSET (STIX 2.1 §9.6.1, CIDR of RFC 4632, RFC 4291)."""

from ipaddress import AddressValueError, IPv6Address
from typing import Final, NamedTuple

_V4: Final = 32
_V6: Final = 128
_OCTETS: Final = 4
_OCTET: Final = {str(number): number for number in range(256)}
"""Decimal numbers of one byte, without leading zeros."""


class Network(NamedTuple):
    """A network: bits of an address of its family (32 or 128), its first address, and the length of its prefix."""

    bits: int
    first: int
    prefix: int

    def holds(self, other: "Network") -> bool:
        """Say whether all of another network lies in this one; each holds itself."""
        shift = self.bits - self.prefix
        return self.bits == other.bits and self.prefix <= other.prefix and self.first >> shift == other.first >> shift

    @property
    def last(self) -> int:
        """The network's last address."""
        return self.first | ((1 << (self.bits - self.prefix)) - 1)


def network(text: str) -> Network | None:
    """Return an address as the network of it alone, or a network in CIDR notation with its host bits cut off."""
    address, slash, length = text.partition("/")
    if ":" in address:
        bits, number = _V6, _v6(address)
    else:
        bits, number = _V4, _v4(address)
    if number is None:
        return None
    if not slash:
        return Network(bits, number, bits)
    prefix = _number(length, bits)
    if prefix is None:
        return None
    host = bits - prefix
    return Network(bits, number >> host << host, prefix)


def _number(text: str, most: int) -> int | None:
    """Read a decimal number of at most three digits without leading zeros."""
    if not text.isascii() or not text.isdigit() or len(text) > len("128") or (text[0] == "0" and text != "0"):
        return None
    value = int(text)
    return value if value <= most else None


def _v4(text: str) -> int | None:
    octets = text.split(".")
    if len(octets) != _OCTETS:
        return None
    try:
        first, second, third, fourth = map(_OCTET.__getitem__, octets)
    except KeyError:
        return None
    return first << 24 | second << 16 | third << 8 | fourth


def _v6(text: str) -> int | None:
    try:
        return int(IPv6Address(text)) if "%" not in text else None
    except AddressValueError:
        return None
