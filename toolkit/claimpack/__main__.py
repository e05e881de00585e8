"""Runs the command."""

from claimpack.cli import script

script()
