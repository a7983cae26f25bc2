"""The register as JSON, with its OpenAPI document: a shell beside the desk, with the same acts and the same rights."""
