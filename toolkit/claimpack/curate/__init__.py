"""What a curator does by hand, done right: new packages, tables, sources, passages, tidy files.

These are the only functions that write into a package, and only where they are asked to.
Each writes a file beside its place and moves it there whole.
"""
