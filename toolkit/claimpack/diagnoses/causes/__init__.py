"""The causes, one module each; `claimpack.diagnoses` finds them."""
