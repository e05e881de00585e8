"""Exporters: a package written in other formats.

The registry is the folder `writers/`: one module a format, found by its name (`csl_json.py`
is `csl-json`), and no list to edit. A module has

- `write(job) -> list[WrittenFile]`: writes into `job.folder`, which is there and empty, and
  tells each file with its path within that folder. The same package gives the same bytes,
  except where the format's library marks each build, as DuckDB does. It calls
  `job.begin(name)` before each table. Where a package has nothing for the format it writes
  nothing.
- `read(folder, package, store, resource) -> Iterator[RecordBatch]`, where the format
  carries the tables: the rows of `resource`, a table of `package`, out of what `write` put
  into `folder`, in the Arrow schema of `engine.tables.arrow_schema(resource)`. It is how a
  release is verified.
- or `check(folder, package, store) -> Iterator[str]`, where it carries something else, such
  as a list of sources: what in `folder` is not as `package` says, a sentence each.

`job`, `files` and `tabular` are what they share: formats of one file a table and a
descriptor are a few lines on top of `tabular`.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from claimpack.errors import UsageError
from claimpack.exporters import writers


def formats() -> list[str]:
    """The names of all formats, sorted."""
    return sorted(info.name.replace("_", "-") for info in pkgutil.iter_modules(writers.__path__))


def exporter(name: str) -> ModuleType:
    """The module of a format.

    Raises:
        UsageError: There is no such format.
    """
    if name not in formats():
        raise UsageError(f"no format is called {name!r}; known are {', '.join(formats())}")
    return importlib.import_module(f"{writers.__name__}.{name.replace('-', '_')}")
