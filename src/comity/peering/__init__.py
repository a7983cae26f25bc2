"""The client: this node asks other TAXII 2.1 servers and gives to them, by itself or when it is told to."""
