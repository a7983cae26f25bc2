"""Pictures of results as SVG text: pure, with a title and a description, and colours that print.

No style sheet, script or font is in them, so that they can be served as files under a strict policy.
"""
