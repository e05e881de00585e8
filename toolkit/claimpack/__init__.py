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
    query,
    validate,
    verify_sources,
)
from claimpack.errors import ClaimpackError, InvalidPackageError, UnreadableError, UsageError
from claimpack.report import Finding, Report, TableSummary, Unchecked

__version__ = "0.1.0"

__all__ = [
    "AgreementReport",
    "ClaimpackError",
    "Difference",
    "ExportResult",
    "Finding",
    "InvalidPackageError",
    "Outline",
    "Package",
    "PackageInfo",
    "QueryResult",
    "Report",
    "Table",
    "TableInfo",
    "TableSummary",
    "Unchecked",
    "UnreadableError",
    "UsageError",
    "agreement",
    "changelog",
    "describe",
    "diff",
    "export",
    "info",
    "open",
    "pandera_schema",
    "query",
    "validate",
    "verify_sources",
]
