"""The transparency log: tree, notes, entries, receipts, audit."""
