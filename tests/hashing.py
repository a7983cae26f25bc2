"""The desk's password hash with the least work it can be told to do: its price is no part of what is tested.

What a node itself sets is tested where nodes are served (`journeys`), which read none of this.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """Argon2 at a thousandth of the price: one pass over 8 KiB."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
