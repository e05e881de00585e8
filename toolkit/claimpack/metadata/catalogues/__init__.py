"""The catalogues that a package can be described for, one module each."""
