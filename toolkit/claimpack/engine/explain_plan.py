"""A plan as text and as JSON: the checks of each table and the SQL, before any data are read.

Columns are taken to be as the schema says; the run lays the same plan over the
labels that the file really has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from claimpack.checks.model import (
    AnyCheck,
    ColumnCheck,
    Expression,
    KeyCheck,
    ReferenceCheck,
    RelationCheck,
    RowCheck,
    ValueCheck,
    filled,
)
from claimpack.config.severities import Grades
from claimpack.engine.exact.expression_sql import sql
from claimpack.engine.table_checks import Scan
from claimpack.plan import Plan, TablePlan
from claimpack.readers.column_layout import Layout
from claimpack.rules import load


def plan(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-ready values."""
    scans = {
        table.resource.name: _scan(table, part, plan) for part, table in enumerate(plan.tables)
    }
    for scan in scans.values():
        for check in scan.references:
            if check.target in scans:
                for key in check.target_keys:
                    scans[check.target].key(key)
    return {
        "package": plan.package.name,
        "config": [item.to_dict() for item in plan.grades.regrades],
        "tables": [_table(table, scans, plan.grades) for table in plan.tables],
    }


def text(plan_: Plan) -> str:
    """The plan for reading."""
    lines = [f"package {plan_.package.name or '(no name)'}"]
    lines += [
        f"  {item.rule} is {item.severity}{f' in {item.resource}' if item.resource else ''}, "
        f"says {item.source}"
        for item in plan_.grades.regrades
    ]
    for table in plan(plan_)["tables"]:
        lines += ["", f"{table['table']}  {table['path'] or 'inline data'}"]
        lines += [f"  reader   {rule}" for rule in table["structure"]]
        for check in table["checks"]:
            named = f"{check['rule']} ({check['severity']})"
            lines.append(f"  {check['kind']:<9}{named}  {', '.join(check['fields'])}")
            lines.append(f"           {check['holds']}")
        lines += ["  scan", f"           {table['scan']}"]
    return "\n".join(lines) + "\n"


def _scan(table: TablePlan, part: int, plan: Plan) -> Scan:
    fields = table.judged.schema.fields if table.judged.schema else ()
    width = len(fields)
    layout = Layout(tuple(f.name for f in fields), width, width, tuple(range(width)))
    header = 1 if table.resource.dialect.header else 0
    keep = table.resource.name in plan.read_by_relations()
    return Scan(table, layout, f"scan {part}", f"row + {header}", keep)


def _table(table: TablePlan, scans: dict[str, Scan], grades: Grades) -> dict[str, Any]:
    resource, scan = table.resource, scans[table.resource.name]
    return {
        "table": resource.name,
        "path": resource.path,
        "structure": sorted(table.structure),
        "checks": [_check(check, scan, scans, grades) for check in table.checks],
        "scan": scan.explain(dict(enumerate(range(len(scan.rows)))), 0),
    }


def _check(check: AnyCheck, scan: Scan, scans: dict[str, Scan], grades: Grades) -> dict[str, Any]:
    return {
        "rule": check.rule,
        "severity": grades.graded(check.rule, check.resource, load(check.rule).severity),
        "kind": _kind(check),
        "fields": list(check.fields),
        "message": filled(check.message, {**dict(check.params), "departure": ""}),
        "holds": _holds(check, scan, scans),
    }


def _kind(check: AnyCheck) -> str:
    kinds = {
        RowCheck: "row",
        ValueCheck: "value",
        ColumnCheck: "column",
        KeyCheck: "key",
        ReferenceCheck: "reference",
        RelationCheck: "relation",
    }
    return kinds.get(type(check), "reader")


def _holds(check: AnyCheck, scan: Scan, scans: dict[str, Scan]) -> str:
    """What is true at a fault, as SQL where it is SQL."""
    if isinstance(check, RowCheck | ColumnCheck):
        return sql(check.fault)
    if isinstance(check, ValueCheck):
        return "a test in Python on each distinct text"
    if isinstance(check, KeyCheck):
        return f"an earlier row has the same ({_listed(check.keys)})"
    if isinstance(check, ReferenceCheck):
        target = scans.get(check.target)
        if target is None:
            return "the referenced resource is not a table"
        keys, theirs = _listed(check.keys), _listed(check.target_keys)
        return f"no row of {check.target} has ({theirs}) equal to ({keys})"
    if isinstance(check, RelationCheck):
        return check.query
    return ""


def _listed(keys: Sequence[Expression]) -> str:
    return ", ".join(map(sql, keys))
