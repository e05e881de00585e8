"""One module a format; the docstring of `claimpack.exporters` says what each has."""
