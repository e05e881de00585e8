"""The hashes of a table's keys, worked out batch by batch while its rows go by.

A key is the canonical text of a value (see `rules.lexical.key`). Most texts are their own
key: `2024-01-26` of a date, `42` of an integer. Polars hashes those as they are. Whatever is
not certainly so, such as `+42` or a number with an exponent, is in doubt, and the exact
expression of the database says what its key is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import Expression
from claimpack.engine.exact.database import Store
from claimpack.engine.exact.expression_sql import collapsed, columns, printed, sql
from claimpack.engine.keys.hash_index import NONE, Hashes, combined

if TYPE_CHECKING:
    import polars as pl

    from claimpack.descriptor.model import Field


@dataclass(frozen=True)
class KeyPart:
    """One field of a key.

    Attributes:
        text: Name of the field's text, which the expression reads.
        expression: The key of the text.
        own: Pattern of the texts that are their own key: None where none is certainly so,
            empty where each is.
        collapses: Whether white space around the text is no part of the key.
    """

    text: str
    expression: Expression
    own: str | None
    collapses: bool = False

    @classmethod
    def of(cls, expression: Expression, place: int, field: Field) -> KeyPart:
        """The part of a key that a field is.

        Args:
            expression: The key of the field's text.
            place: The field's position in the schema.
            field: The field.
        """
        own = None
        if isinstance(expression, exp.Column):
            own = ""
        elif expression is lexical.key_at(field, place):
            own = lexical.own_key(field)
        return cls(lexical.cell(place).name, expression, own, lexical.collapses(field))


class KeyHasher:
    """Hashes of key parts over batches of texts.

    Attributes:
        parts: The parts by the name under which `columns` gives them.
    """

    def __init__(self, parts: list[KeyPart], store: Store) -> None:
        self._store = store
        self.parts = {f"h{number}": part for number, part in enumerate(parts)}
        self._names = {printed(part.expression): name for name, part in self.parts.items()}

    def columns(self, texts: dict[str, pl.Expr]) -> list[pl.Expr]:
        """What a frame has to give for `hashes`: hash, doubt and text of each part.

        Args:
            texts: For each text that a part reads, an expression over the frame.
        """
        made = []
        for name, part in self.parts.items():
            text = texts[part.text]
            made.append(text.hash().alias(name))
            if part.own:
                sure = text.str.contains(rf"\A(?:{part.own})\z")
                made += [
                    (~sure).fill_null(False).alias(f"{name} doubt"),
                    text.alias(f"{name} text"),
                ]
            elif part.own is None:
                made += [text.is_not_null().alias(f"{name} doubt"), text.alias(f"{name} text")]
        return made

    def hashes(self, batch: pl.DataFrame) -> dict[str, Hashes]:
        """The hashes of each part in a batch of what `columns` names, by its expression."""
        return {key: self._hashes(batch, name) for key, name in self._names.items()}

    def _hashes(self, batch: pl.DataFrame, name: str) -> Hashes:
        hashes = of_nulls_none(batch[name])
        if self.parts[name].own == "":
            return hashes
        doubts = batch[f"{name} doubt"].arg_true()
        if len(doubts):
            texts = batch[f"{name} text"].gather(doubts)
            hashes[doubts.to_numpy()] = of_nulls_none(self._exact(texts, self.parts[name]).hash())
        return hashes

    def _exact(self, texts: pl.Series, part: KeyPart) -> pl.Series:
        """The keys of texts as the database works them out."""
        import polars as pl

        (name,) = columns(part.expression)
        self._store.provide([part.expression])
        frame = pl.DataFrame({name: texts}).to_arrow(compat_level=pl.CompatLevel.oldest())
        connection = self._store.connection
        connection.register("doubtful", frame)
        with self._store.translated():
            text = collapsed(name) if part.collapses else name
            rows = f"(SELECT {text} AS {name} FROM doubtful)"
            made = connection.sql(f"SELECT {sql(part.expression)} AS key FROM {rows}")
            keys = pl.from_arrow(made.to_arrow_table())
        connection.unregister("doubtful")
        return keys["key"].cast(pl.String)


def of_nulls_none(hashes: pl.Series) -> Hashes:
    """Polars' hashes, `NONE` where a text is null, which it gives a hash as well."""
    import polars as pl

    made: Hashes = hashes.to_numpy(writable=True)
    made[made == NONE] = 1
    made[made == pl.Series([None], dtype=pl.String).hash()[0]] = NONE
    return made


def of_texts(keys: pl.DataFrame) -> Hashes:
    """The hashes of keys that are there as canonical texts, a column for each part."""
    return combined([of_nulls_none(keys[name].hash()) for name in keys.columns])


__all__ = ["KeyHasher", "KeyPart", "of_texts"]
