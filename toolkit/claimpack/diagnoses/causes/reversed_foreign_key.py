"""A foreign key points the wrong way: the reference holds in the other direction.

Why: The table of many rows refers to the table where each value stands once. Declared the
other way round, every site must have a visit, although what was meant is that every visit has
a site.

Fails:
    a foreign key from site.id to visit.site_id, where every site_id is in site, and some sites
    have no visit

Fix: Delete the foreign key, and declare it in the schema of the other table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claimpack.descriptor.model import ForeignKey, Resource
from claimpack.descriptor.revision import schema_file
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, examples, widespread
from claimpack.report import Operation

SCOPE = "table"


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To turn around each key that holds the other way only."""
    for place, key in enumerate(table.schema.foreign_keys):
        aim = table.package.find(key.resource)
        if aim is None or aim.schema is None or aim.name == table.resource.name:
            continue
        count = _count(table, key)
        if widespread(count, table.rows) and (shown := _reversed(table, key, aim)):
            yield from _turned(table, place, key, aim, (count, shown))


def _count(table: TableSymptoms, key: ForeignKey) -> int:
    """The findings of a foreign key; 0 where those of another one are among them."""
    same = [k for k in table.schema.foreign_keys if k.fields[0] == key.fields[0]]
    found = table.by_field.get(key.fields[0], {}) if len(key.fields) == 1 else table.complaints
    alike = len(same) == 1 if len(key.fields) == 1 else len(table.schema.foreign_keys) == 1
    return found["foreign-key"].count if alike and "foreign-key" in found else 0


def _reversed(table: TableSymptoms, key: ForeignKey, aim: Resource) -> str:
    """What shows that a key holds the other way only; empty where it does not."""
    own, others = table.keys(key.fields), table.keys(key.reference_fields, aim)
    if not own or not others or aim.schema is None:
        return ""
    kinds = [table.schema.field(name).type for name in key.fields]
    if kinds != [aim.schema.field(name).type for name in key.reference_fields]:
        return ""
    whole = [row for row in others if None not in row]
    once = len(set(own)) == len(own) and not any(None in row for row in own)
    many = len(set(whole)) < len(whole)
    if not (once and many and set(whole) <= set(own)):
        return ""
    lone = [str(row[0]) for row in own if row not in set(whole)]
    ours, theirs = _named(table.resource, key.fields), _named(aim, key.reference_fields)
    return (
        f"All {len(whole):,} values of {theirs} are in {ours}, where each is unique; "
        f"{examples(lone)} {'is' if len(lone) == 1 else 'are'} in the latter only."
    )


def _turned(
    table: TableSymptoms, place: int, key: ForeignKey, aim: Resource, found: tuple[int, str]
) -> Iterator[Proposal]:
    assert aim.schema is not None
    here, there = (schema_file(table.package, item) for item in (table.resource, aim))
    raw = table.schema.raw.get("foreignKeys")
    if here == there or not isinstance(raw, list) or place >= len(raw):
        return
    patch = [Operation(here[0], "remove", f"{here[1]}/foreignKeys{f'/{place}' if raw[1:] else ''}")]
    listed = aim.schema.raw.get("foreignKeys")
    back = (key.reference_fields, table.resource.name, key.fields)
    known = [(k.fields, k.resource, k.reference_fields) for k in aim.schema.foreign_keys]
    if back not in known:
        made = _key(raw[place], table.resource.name)
        if isinstance(listed, list):
            patch.append(Operation(there[0], "add", f"{there[1]}/foreignKeys/{len(listed)}", made))
        else:
            patch.append(Operation(there[0], "add", f"{there[1]}/foreignKeys", [made]))
    ours, theirs = _named(table.resource, key.fields), _named(aim, key.reference_fields)
    count, shown = found
    yield Proposal(
        f"The foreign key from {ours} to {theirs} points the wrong way.",
        shown,
        f"Delete it, and declare one from {theirs} to {ours}."
        if back not in known
        else "Delete it: the table that it points to has the right one.",
        tuple(patch),
        fields=key.fields,
        by_field=((key.fields[0] if len(key.fields) == 1 else None, count),),
        rules=("foreign-key",),
    )


def _key(raw: Any, name: str) -> dict[str, Any]:
    """The descriptor of the key the other way round, in the form of the one that there is."""
    reference = {"resource": name, "fields": raw["fields"]}
    return {"fields": raw["reference"]["fields"], "reference": reference}


def _named(resource: Resource, fields: tuple[str, ...]) -> str:
    return (
        f"{resource.name}.{fields[0]}"
        if len(fields) == 1
        else f"{resource.name} ({', '.join(fields)})"
    )
