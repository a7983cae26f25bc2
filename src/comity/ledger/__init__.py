"""The transparency log: leaves, tree, proofs, checkpoints, receipts. Pure: no key, no clock and no store in here."""
