"""Tables in Parquet and Arrow files, batch by batch, each column as the texts of its values.

The whole is never in memory. What Arrow can print itself it prints, column by
column; the rest goes value by value through `native`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack import limits
from claimpack.descriptor.model import Field, Resource
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.readers import value_text
from claimpack.readers.byte_stream import as_file
from claimpack.readers.value_text import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = frozenset({"parquet", "arrow", "feather"})
ROWS = 8192
BUFFER = 1 << 20

Spelled = tuple["pa.Array", list[Misfit]]


def labels(resource: Resource) -> list[str]:
    """The names of the columns."""
    with _opened(resource, 0) as (names, _):
        return names


def batches(resource: Resource) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows, as (number of the file, batch).

    Raises:
        UnreadableError: A file is broken, or has other columns than the first.
        TooLargeError: A cell is over the limit.
    """
    first: list[str] | None = None
    for number in range(len(resource.files)):
        with _opened(resource, number) as (names, found):
            if first is not None and names != first:
                raise UnreadableError("its files have different columns")
            first = names
            for batch in found:
                for start in range(0, batch.num_rows, ROWS):
                    yield number, batch.slice(start, ROWS)


@contextmanager
def _opened(resource: Resource, number: int) -> Iterator[tuple[list[str], Iterator[Any]]]:
    import pyarrow as pa

    start = _parquet if resource.format == "parquet" else _arrow
    try:
        with as_file(resource, number) as path:
            yield from start(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).strip().split("\n")[0][:200]
        raise UnreadableError(f"the file is no {resource.format} file: {said}") from error


def _parquet(path: Path) -> Iterator[tuple[list[str], Iterator[Any]]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, buffer_size=BUFFER, pre_buffer=False) as file:
        yield file.schema_arrow.names, file.iter_batches(batch_size=ROWS, use_threads=False)


def _arrow(path: Path) -> Iterator[tuple[list[str], Iterator[Any]]]:
    """The file form, which Feather is as well, and the stream form."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as source:
        streamed = source.read(6) != b"ARROW1"
        source.seek(0)
        if streamed:
            with pa.ipc.open_stream(source) as stream:
                yield stream.schema.names, iter(stream)
            return
        with pa.ipc.open_file(source) as file:
            groups = range(file.num_record_batches)
            yield file.schema.names, (file.get_batch(index) for index in groups)


def column(field: Field | None, values: pa.Array) -> Spelled:
    """The texts of a column's values, null for nulls and for misfits, and the misfits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types = pa.types
    while types.is_dictionary(values.type) or types.is_run_end_encoded(values.type):
        dictionary = types.is_dictionary(values.type)
        values = values.dictionary_decode() if dictionary else pc.run_end_decode(values)
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if _is_text(values.type) or types.is_null(values.type):
        return _checked(values.cast(pa.string())), []
    fast = _fast(field, values.type) if field is not None else None
    if fast is not None:
        return fast(values), []
    texts, misfits = value_text.column(field, _listed(values))
    return _checked(pa.array(texts, pa.string())), misfits


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _checked(texts: pa.Array) -> pa.Array:
    """The texts, none of them over the limit of a cell."""
    import pyarrow.compute as pc

    if texts.nbytes > limits.CELL_BYTES:
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        if longest > limits.CELL_BYTES:
            raise TooLargeError(f"a cell is larger than {limits.CELL_BYTES} bytes")
    return texts


def decoded(texts: pa.Array) -> tuple[pa.Array, list[int]]:
    """The texts as UTF-8, and the places of those that were none: files do not promise it."""
    import pyarrow as pa

    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        raw = texts.cast(pa.binary()).to_pylist()
        made = [None if text is None else text.decode("utf-8", "replace") for text in raw]
        wrong = [i for i, text in enumerate(made) if text is not None and text.encode() != raw[i]]
        return pa.array(made, pa.string()), wrong
    return texts, []


def _fast(field: Field, kind: pa.DataType) -> Callable[[pa.Array], pa.Array] | None:
    """What prints a whole column at once; None where values have to be looked at."""
    from pyarrow import types

    usual = field.format in ("default", "any")
    if types.is_integer(kind) and field.type in ("integer", "number"):
        return _printed
    if types.is_floating(kind) and field.type == "number" and _point(field):
        return _printed
    if types.is_boolean(kind) and field.type == "boolean" and _usual_booleans(field):
        return _printed
    if types.is_date32(kind) and field.type == "date" and usual:
        return _printed
    if types.is_timestamp(kind) and field.type == "datetime" and usual:
        return _moments
    return None


def _point(field: Field) -> bool:
    return (field.options.get("decimalChar") or ".") == "."


def _usual_booleans(field: Field) -> bool:
    return "true" in field.options["trueValues"] and "false" in field.options["falseValues"]


def _printed(values: pa.Array) -> pa.Array:
    import pyarrow as pa

    return values.cast(pa.float32() if pa.types.is_float16(values.type) else values.type).cast(
        pa.string()
    )


def _moments(values: pa.Array) -> pa.Array:
    """Timestamps as XML Schema has them, in UTC where they have a zone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    zone = values.type.tz is not None
    printed = pc.strftime(values.cast(pa.timestamp(values.type.unit)), "%Y-%m-%dT%H:%M:%S")
    short = pc.replace_substring_regex(printed, r"(\.[0-9]*?)0+$", r"\1")
    whole = pc.replace_substring_regex(short, r"\.$", "")
    return pc.binary_join_element_wise(whole, "Z", "") if zone else whole


def _listed(values: pa.Array) -> list[Any]:
    """A column's values as Python's; what Python has no room for is cut to microseconds."""
    import pyarrow as pa

    kind = values.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        values = values.cast(pa.timestamp("us", kind.tz), safe=False)
    elif pa.types.is_time64(kind) and kind.unit == "ns":
        values = values.cast(pa.time64("us"), safe=False)
    elif pa.types.is_duration(kind) and kind.unit == "ns":
        values = values.cast(pa.duration("us"), safe=False)
    elif pa.types.is_float32(kind) or pa.types.is_float16(kind):
        return [None if text is None else float(text) for text in _printed(values).to_pylist()]
    try:
        return [dict(v) if pa.types.is_map(kind) and v else v for v in values.to_pylist()]
    except (ValueError, OverflowError, LookupError) as error:
        raise UnreadableError(f"a value of type {kind} cannot be read: {error}") from error
