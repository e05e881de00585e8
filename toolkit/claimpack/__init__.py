"""Claims as data: validate, trace and publish data packages.

`validate` judges any Frictionless Data Package; `open` gives its tables as Arrow,
polars or pandas; `export` writes it as Parquet and CSV.

Every name is imported when it is first used: `import claimpack` takes no time, and the
command line can take signals before anything large is loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimpack.api import (
        ExportResult,
        Fix,
        FixResult,
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
        fix,
        info,
        open,
        pandera_schema,
        publish,
        query,
        validate,
        verify,
        verify_sources,
    )
    from claimpack.claims.raters import AgreementReport
    from claimpack.errors import (
        ClaimpackError,
        InvalidPackageError,
        UnreadableError,
        UsageError,
    )
    from claimpack.querying.result import QueryResult
    from claimpack.release.errors import BrokenPromiseError, UnverifiedError
    from claimpack.report import Diagnosis, Finding, Operation, Report, TableSummary, Unchecked
    from claimpack.versions.model import Difference

__version__ = "0.1.0"

_ELSEWHERE = {
    "claimpack.errors": (
        "ClaimpackError",
        "InvalidPackageError",
        "UnreadableError",
        "UsageError",
    ),
    "claimpack.querying.result": ("QueryResult",),
    "claimpack.claims.raters": ("AgreementReport",),
    "claimpack.release.errors": ("BrokenPromiseError", "UnverifiedError"),
    "claimpack.report": (
        "Diagnosis",
        "Finding",
        "Operation",
        "Report",
        "TableSummary",
        "Unchecked",
    ),
    "claimpack.versions.model": ("Difference",),
}
"""Where the names are that `claimpack.api` does not have."""
_MODULES = {name: module for module, names in _ELSEWHERE.items() for name in names}

if not TYPE_CHECKING:  # a type checker would take any name for one of these

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES.get(name, "claimpack.api")), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "AgreementReport",
    "BrokenPromiseError",
    "ClaimpackError",
    "Diagnosis",
    "Difference",
    "ExportResult",
    "Finding",
    "Fix",
    "FixResult",
    "InvalidPackageError",
    "Operation",
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
    "fix",
    "info",
    "open",
    "pandera_schema",
    "publish",
    "query",
    "validate",
    "verify",
    "verify_sources",
]
