"""Uniqueness and references: hashes of keys in memory and on disk, and their texts in SQL."""
