"""The texts that a column's values have to be among: listed values, and keys of other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claimpack.descriptor.model import ForeignKey
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint

NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Unlisted:
    """The findings on values that are not among those that are allowed.

    Attributes:
        complaint: The findings.
        allowed: The values that are allowed, as texts.
        place: What holds them, in words: the list, or the field of another table.
    """

    complaint: Complaint
    allowed: frozenset[str]
    place: str

    def corrected(self, correct: Callable[[str], str]) -> Complaint:
        """The findings whose value becomes an allowed one when it is written otherwise."""
        return self.complaint.only(lambda text: correct(text) in self.allowed)

    def nearly_all(self, part: Complaint) -> bool:
        """Whether some of the findings are nearly all of them."""
        return 0 < NEARLY_ALL * self.complaint.count <= part.count


def unlisted(column: ColumnSymptoms) -> Iterator[Unlisted]:
    """The findings of a column on values that are not listed, and on keys that are not found."""
    item = column.field
    listed = (*(item.constraints.enum or ()), *(item.categories or ()))
    texts = frozenset(map(_text, listed))
    wrong = column.complaint("constraint-error").only(lambda text: text not in texts)
    if texts and wrong.count:
        yield Unlisted(wrong, texts, "the list")
    missing = column.complaint("foreign-key")
    if not missing.count:
        return
    for link in column.table.schema.foreign_keys:
        if link.fields == (item.name,):
            keys = referred(column, link)
            wrong = missing.only(lambda text, keys=keys: text not in keys)  # type: ignore[misc]
            yield Unlisted(wrong, keys, _place(column, link))


def referred(column: ColumnSymptoms, link: ForeignKey) -> frozenset[str]:
    """The first keys that a foreign key of one field may refer to, as they are written."""
    name = link.resource or column.table.resource.name
    aim = column.table.package.resource(name)
    return column.table.source.first(aim, link.reference_fields[0])


def _place(column: ColumnSymptoms, link: ForeignKey) -> str:
    return f"{link.resource or column.table.resource.name}.{link.reference_fields[0]}"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["NEARLY_ALL", "Unlisted", "referred", "unlisted"]
