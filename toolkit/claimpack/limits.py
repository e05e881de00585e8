"""Limits and their defaults. To hit one is never an error: what lies behind is not checked."""

from __future__ import annotations

MIB = 1024 * 1024

CELL_BYTES = 16 * MIB
"""Largest cell, and largest record, that is read."""

COLUMNS = 200_000
"""Most columns of a table."""

HEADER_CELLS = 10 * COLUMNS
"""Most labels of a header of several rows, the shorter rows filled up."""

INFLATED_BYTES = 64 * 1024 * MIB
"""Largest size of a compressed file once inflated."""

INFLATED_RATIO = 500
"""Largest ratio of inflated to compressed size, beyond the first 64 MiB."""

SHEET_ROWS = 1 << 24
"""Most rows of a sheet, as many as the largest sheets of LibreOffice have."""

SHEET_CELLS = 50_000_000
"""Most cells of a sheet, empty ones before the last of each row included."""

READ_WHOLE = 64 * MIB
"""Largest part of a file that is read whole: a workbook's shared texts (about 5 MB of memory per
megabyte), and what a JSON table has beside its rows."""

DESCRIPTOR_BYTES = 64 * MIB
"""Largest descriptor with its schemas, dialects and profiles, all together.

Reading takes 1 to 4 MB of memory for each mebibyte of text, and up to 250 bytes for each
value: hence a limit on the values, too. A field takes about 1 KB, a resource about 3 KB.
"""

DESCRIPTOR_VALUES = 2_000_000
"""Most values (texts, numbers, lists, objects) in those files together."""

YAML_BYTES = 2 * MIB
"""Largest descriptor in YAML, whose parser is slow."""

YAML_VALUES = 200_000
"""Most values in it, those of aliases counted wherever they stand."""

DESCRIPTOR_FINDINGS = 100_000
"""Most errors of the descriptor that are listed, and most warnings."""

SETTINGS_BYTES = MIB
"""Largest file of settings."""

RESOURCES = 100_000
"""Most resources of a package."""

FIELDS = 500_000
"""Most fields in the schemas of a package together."""

KEYS = 1_000
"""Most unique keys of a schema, and most foreign keys: each takes a pass over the data."""

TEXT_BYTES = 256 * MIB
"""Largest source text, and largest table that a command rewrites: both are read whole."""

JSON_DEPTH = 100
"""Deepest nesting of JSON, in descriptors and in cells."""

PATTERN_SECONDS = 1.0
"""Longest time that one pattern may take on one value, where it needs a backtracking engine."""

PATTERN_LENGTH = 10_000
"""Most characters of a pattern that needs a backtracking engine."""

MEMORY = "160MiB"
"""Memory of the engine; what does not fit spills to disk."""

QUERY_SECONDS = 300.0
"""Longest time that a query of the user may take, unless another one is given."""

FETCH_BYTES = 8 * 1024 * MIB
"""Largest release that is fetched from an address."""

FETCH_SECONDS = 3600.0
"""Longest time that fetching a release may take."""

FETCH_SILENCE_SECONDS = 30.0
"""Longest time that a server may say nothing."""

WIDE = 1_000
"""Fields from which a table is judged with fields that are alike put under one another."""
