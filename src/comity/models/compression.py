"""How bytes are compressed: Zstandard (RFC 8878), at the level that costs least, and gzip (RFC 1952) for who asks.

What is compressed twice gives the same bytes.
"""

import gzip
import threading

import zstandard

LEVEL = 1
_MOST = 256 * 1024 * 1024  # bytes that a frame of ours may come to, so that a broken one cannot take all memory
_own = threading.local()  # neither side of the library may be used by two threads at once


def compress(data: bytes) -> bytes:
    """Compress to one frame that tells its size."""
    found = getattr(_own, "compressor", None)
    if found is None:
        found = _own.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return bytes(found.compress(data))


def gzipped(data: bytes) -> bytes:
    """Compress to gzip, at its fastest; no time stands in it."""
    return gzip.compress(data, compresslevel=LEVEL, mtime=0)


def decompress(data: bytes) -> bytes:
    """Read what `compress` wrote."""
    found = getattr(_own, "decompressor", None)
    if found is None:
        found = _own.decompressor = zstandard.ZstdDecompressor()
    return bytes(found.decompress(data, max_output_size=_MOST))
