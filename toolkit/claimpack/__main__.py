"""Runs the command."""

from claimpack.cli import main

main()
