"""Queries: SQL over a package's tables, closed to everything else, and its rows written out."""
