"""How the C library keeps memory: pages come and go by the megabyte, and giving it back each time is dear.

glibc hands a block beyond a threshold back to the system as soon as it is free, so that each page is zeroed and mapped
anew (mallopt(3)). Other C libraries have no such function, and nothing is done there.
"""

import ctypes

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8  # malloc.h
_KEPT = 16 * 1024 * 1024
_LARGEST = 32 * 1024 * 1024  # the most that glibc takes for the threshold of mmap


def keep_what_pages_take() -> None:
    """Have this process keep some freed megabytes for the next page, and take them from few arenas."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    for which, value in ((_MMAP_THRESHOLD, _LARGEST), (_TRIM_THRESHOLD, _KEPT), (_TOP_PAD, 0), (_ARENA_MAX, 2)):
        mallopt(which, value)
