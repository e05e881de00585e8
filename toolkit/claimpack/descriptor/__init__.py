"""Reads descriptors: JSON into the frozen model, every reference through one gate."""

from __future__ import annotations

from claimpack.descriptor.reading import Reading, read, read_text

__all__ = ["Reading", "read", "read_text"]
