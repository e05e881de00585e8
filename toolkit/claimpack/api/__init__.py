"""The library's surface: what the commands call, and what `import claimpack` gives."""

from claimpack.api.comparing import changelog, diff, query
from claimpack.api.curating import add_table, fmt, init, locate, new_source
from claimpack.api.fixing import Fix, FixResult, fix
from claimpack.api.judging import Outline, agreement, plan, validate, verify_sources, watch
from claimpack.api.opening import (
    Package,
    PackageInfo,
    Table,
    TableInfo,
    describe,
    info,
    open,
    pandera_schema,
)
from claimpack.api.writing import ExportResult, Release, export, publish, verify
from claimpack.report import Report

__all__ = [
    "ExportResult",
    "Fix",
    "FixResult",
    "Outline",
    "Package",
    "PackageInfo",
    "Release",
    "Report",
    "Table",
    "TableInfo",
    "add_table",
    "agreement",
    "changelog",
    "describe",
    "diff",
    "export",
    "fix",
    "fmt",
    "info",
    "init",
    "locate",
    "new_source",
    "open",
    "pandera_schema",
    "plan",
    "publish",
    "query",
    "validate",
    "verify",
    "verify_sources",
    "watch",
]
