"""Solving: the exact solver behind a roadmap. It knows programme and plan of `policy`, no store."""
