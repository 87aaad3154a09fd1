"""The embedded engine: no network, no key; a readable table of named signatures, outcome words and codes."""
