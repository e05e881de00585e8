"""Checks as expressions over a batch of texts: of polars, which are fast, and of SQL, exact."""
