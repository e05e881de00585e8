"""Claims as data: validate, trace and publish data packages.

`validate` judges any Frictionless Data Package; `open` gives its tables as Arrow,
polars or pandas; `export` writes it as Parquet and CSV.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from claimpack.agreement import AgreementReport  # its module first, since a function has its name
from claimpack.api import (
    ExportResult,
    Outline,
    Package,
    PackageInfo,
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

if TYPE_CHECKING:
    from claimpack.querying.result import QueryResult
    from claimpack.versions.model import Difference

__version__ = "0.1.0"

LATER = {
    "Difference": "claimpack.versions.model",
    "QueryResult": "claimpack.querying.result",
}
"""Results that no validation needs: their modules are imported when somebody names them."""

if not TYPE_CHECKING:  # a type checker would take any name for one of these

    def __getattr__(name: str) -> Any:
        if name not in LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(LATER[name]), name)


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
