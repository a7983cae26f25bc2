"""STIX 2.1 as data: reading, validation, markings, references, redaction. Pure: bytes in, values out."""
