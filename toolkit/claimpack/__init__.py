"""Claims as data: validate, trace and publish data packages.

`validate` judges any Frictionless Data Package; `open` gives its tables as Arrow,
polars or pandas; `export` writes it as Parquet and CSV.
"""

from __future__ import annotations

from claimpack.api import (
    AgreementReport,
    Difference,
    ExportResult,
    Outline,
    Package,
    PackageInfo,
    QueryResult,
    Release,
    Table,
    TableInfo,
    agreement,
    changelog,
    describe,
    diff,
    export,
    info,
    open,
    pandera_schema,
    publish,
    query,
    validate,
    verify,
    verify_sources,
)
from claimpack.errors import (
    BrokenPromiseError,
    ClaimpackError,
    InvalidPackageError,
    UnreadableError,
    UnverifiedError,
    UsageError,
)
from claimpack.report import Finding, Report, TableSummary, Unchecked

__version__ = "0.1.0"

__all__ = [
    "AgreementReport",
    "BrokenPromiseError",
    "ClaimpackError",
    "Difference",
    "ExportResult",
    "Finding",
    "InvalidPackageError",
    "Outline",
    "Package",
    "PackageInfo",
    "QueryResult",
    "Release",
    "Report",
    "Table",
    "TableInfo",
    "TableSummary",
    "Unchecked",
    "UnreadableError",
    "UnverifiedError",
    "UsageError",
    "agreement",
    "changelog",
    "describe",
    "diff",
    "export",
    "info",
    "open",
    "pandera_schema",
    "publish",
    "query",
    "validate",
    "verify",
    "verify_sources",
]
