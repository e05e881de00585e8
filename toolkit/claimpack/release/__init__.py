"""Releases: a package in every format with its metadata, built whole, verified, published.

A release is a folder: `<format>/datapackage.json` with its tables for each format, files of
metadata for catalogues beside them, and `SHA256SUMS` over all of it.
"""
