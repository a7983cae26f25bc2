"""What this room raises: one short tree, each error a sentence that names the place and, if any, the mend."""


class LedgerError(ValueError):
    """Anything the ledger refuses."""


class ProofFailed(LedgerError):
    """A Merkle proof does not lead from what is claimed to the root; says which part is at fault."""


class Malformed(LedgerError):
    """Bytes that are not in the form the ledger writes: a note, an entry, a verifier key, a receipt, a frontier."""


class UnknownKey(LedgerError):
    """No signature on the note is by a key that is known for this log."""


class BadSignature(LedgerError):
    """A signature by a known key does not verify over the text it stands under."""
