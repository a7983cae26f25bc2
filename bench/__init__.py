"""The benches: one module each, run by `comity bench`."""
