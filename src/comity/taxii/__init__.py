"""The TAXII 2.1 server: HTTP to acts and back, nothing decided here."""
