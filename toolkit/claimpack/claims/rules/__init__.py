"""The rules of a claims data package, one module each."""
