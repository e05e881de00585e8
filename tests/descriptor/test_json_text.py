"""A patch changes the text of a JSON file where it has to, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimpack.descriptor.json_text import edited
from claimpack.descriptor.patches import applied
from claimpack.report import Operation


def add(path: str, value: Any) -> Operation:
    """An operation that adds a value."""
    return Operation("f", "add", path, value)


def replace(path: str, value: Any) -> Operation:
    """An operation that replaces a value."""
    return Operation("f", "replace", path, value)


@pytest.mark.parametrize(
    ("text", "operation", "expected"),
    [
        ('{"a": 1}\n', replace("/a", "x"), '{"a": "x"}\n'),
        ('{"a":1}', add("/b", [1, 2]), '{"a":1,"b":[1,2]}'),
        ('{"a": 1}', add("/b", {"c": True}), '{"a": 1, "b": {"c": true}}'),
        ("{}", add("/a", None), '{"a": null}'),
        ('{\n  "a": 1\n}\n', add("/b", "x"), '{\n  "a": 1,\n  "b": "x"\n}\n'),
        ('{\n\t"a": 1\n}', add("/b", {"c": 1}), '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 1\n\t}\n}'),
        (
            '{\r\n "a": 1\r\n}',
            add("/b", {"c": 1}),
            '{\r\n "a": 1,\r\n "b": {\r\n  "c": 1\r\n }\r\n}',
        ),
        (
            '{\n  "f": [\n    {"n": "a"},\n    {"n": "b"}\n  ]\n}',
            add("/f/1", {"n": "x"}),
            '{\n  "f": [\n    {"n": "a"},\n    {"n": "x"},\n    {"n": "b"}\n  ]\n}',
        ),
        (
            '{\n  "f": [\n    {\n      "n": "a"\n    }\n  ]\n}',
            add("/f/1", {"n": "x"}),
            '{\n  "f": [\n    {\n      "n": "a"\n    },\n    {\n      "n": "x"\n    }\n  ]\n}',
        ),
        (
            '{\n  "f": [ {"n":  "a"},   {"n" : "b"} ]\n}',
            replace("/f", [{"n": "b"}, {"n": "a"}]),
            '{\n  "f": [ {"n" : "b"},   {"n":  "a"} ]\n}',
        ),
        ('{"a": 1, "b": 2}', Operation("f", "remove", "/a"), '{"b": 2}'),
        ('{"a": 1, "b": 2}', Operation("f", "remove", "/b"), '{"a": 1}'),
        ('{"a": 1}', Operation("f", "remove", "/a"), "{}"),
        ('\ufeff{"ä": 1}', add("/b", "é"), '\ufeff{"ä": 1, "b": "é"}'),
        ('{"\\u00e4": 1}', add("/b", "é"), '{"\\u00e4": 1, "b": "\\u00e9"}'),
        ('{"x/y": {"~": 1}}', replace("/x~1y/~0", 2), '{"x/y": {"~": 2}}'),
        ('{"a": 1, "a": 2}', replace("/a", 3), '{"a": 1, "a": 3}'),
        (
            '{\n  "m": [\n    "",\n    "NA"\n  ]\n}',
            replace("/m", ["", "NA", "-"]),
            '{\n  "m": [\n    "",\n    "NA",\n    "-"\n  ]\n}',
        ),
        ('{\n  "m": ["", "NA"]\n}', replace("/m", ["", "-"]), '{\n  "m": ["", "-"]\n}'),
    ],
)
def test_an_edit_keeps_the_style(text: str, operation: Operation, expected: str) -> None:
    """What is new looks like its neighbours, and all else keeps its bytes."""
    assert edited(text, [operation]) == expected


@pytest.mark.parametrize("path", ["/b/c", "/a/0", "/a/b"])
def test_a_path_that_leads_nowhere_is_an_error(path: str) -> None:
    """Nothing is invented on the way to a change."""
    with pytest.raises((LookupError, ValueError)):
        edited('{"a": {}}', [replace(path, 1)])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=200)
@given(data=st.data(), indent=st.sampled_from([None, 0, 1, 2, 4, "\t"]))
def test_an_edited_text_holds_what_the_patch_says(data: st.DataObject, indent: Any) -> None:
    """Whatever the JSON and its indentation, the text says the same as the patched value."""
    inner = data.draw(st.dictionaries(st.text(), VALUES, min_size=1, max_size=4))
    whole = {"a": inner, "l": data.draw(st.lists(VALUES, max_size=4))}
    name = data.draw(st.sampled_from(sorted(inner)) | st.text())
    step = name.replace("~", "~0").replace("/", "~1")
    value = data.draw(VALUES)
    place = data.draw(st.integers(0, len(whole["l"])))
    operations = [add(f"/a/{step}", value), add(f"/l/{place}", value), replace("/l", [value])]
    if name in inner:
        operations.insert(0, Operation("f", "remove", f"/a/{step}"))
    text = json.dumps(whole, indent=indent)
    for count in range(1, len(operations) + 1):
        chosen = operations[:count]
        assert json.loads(edited(text, chosen)) == applied(whole, chosen)
