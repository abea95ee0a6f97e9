"""Text columns of a Parquet file as lines of JSON, and changed lines as columns again.

A line holds the values of the text columns, and the id where there is one, under the names that
``--text-field`` and ``--id-field`` give them: then a row is cleaned as a record of JSONL is. Columns are
plain (``text``), in structs (``article.body``), or lists of paragraphs; several make one article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from cleaner.errors import SettingsError
from cleaner.formats.fields import NoText, listed, names_of

Path = tuple[str, ...]


class Columns(NamedTuple):
    """Paths from a top column down: those of the texts, and that of the id."""

    texts: tuple[Path, ...]
    id: Path | None

    @property
    def paths(self) -> tuple[Path, ...]:
        return self.texts if self.id is None or self.id in self.texts else (self.id, *self.texts)

    @property
    def names(self) -> list[str]:
        """As pyarrow selects columns by."""
        return [".".join(path) for path in self.paths]


def pyarrow() -> Any:
    """The package. Raises SettingsError where it is missing."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise SettingsError("Parquet needs pyarrow: pip install 'article-cleaner[dumps]'") from None
    return pyarrow


def columns_of(schema: Any, text_field: str, id_field: str) -> Columns:
    """The columns that the fields name. Raises NoText where there is no text among them."""
    found = {name: path for name in names_of(text_field) if (path := _path(schema, name)) is not None}
    if text_field in schema.names:
        found = {text_field: (text_field,)}
    if not found:
        for name in names_of(text_field):
            if (column := _list_of_structs(schema, name)) is not None:
                what = f"the column {column!r} is a list of structs, whose fields are not cleaned in Parquet"
                raise NoText("no text column", what, f"write the rows as JSONL, where --text-field {name} reads them")
        names = " or ".join(map(repr, names_of(text_field))) or repr(text_field)
        raise NoText(
            "no text column", f"no text column {names}", f"give --text-field; {listed('columns', schema.names)}"
        )
    for name, path in found.items():
        if schema.names.count(path[0]) > 1:
            raise NoText("no text column", f"several columns {path[0]!r}", "give each a name of its own")
        kind = _type_at(schema, path)
        if not (_is_text(kind) or (_is_list(kind) and _is_text(kind.value_type))):
            fix = f"give --text-field; {listed('columns', schema.names)}"
            raise NoText("no text column", f"the column {name!r} holds {kind}, not text", fix)
    identity = _path(schema, id_field) if schema.names.count(id_field) <= 1 else None
    types = pyarrow().types
    if identity is not None and not (_is_text(kind := _type_at(schema, identity)) or types.is_integer(kind)):
        identity = None
    return Columns(tuple(dict.fromkeys(found.values())), identity)


def lines_of(batch: Any, columns: Columns) -> list[bytes]:
    """A line a row. Text that is not UTF-8 makes a line that is not, so that it is found and left as it is."""
    values = [_values(_leaf(batch, path)) for path in columns.paths]
    if all(len(path) == 1 for path in columns.paths):
        keys = [path[0] for path in columns.paths]
        return [_dumps(dict(zip(keys, row, strict=True))) for row in zip(*values, strict=True)]
    return [_dumps(_nested(columns.paths, row)) for row in zip(*values, strict=True)]


def with_lines(batch: Any, columns: Columns, lines: Sequence[bytes]) -> Any:
    """``batch`` with the texts of ``lines``; rows whose line is as it was are not touched."""
    changed = [n for n, (old, new) in enumerate(zip(lines_of(batch, columns), lines, strict=True)) if old != new]
    if not changed:
        return batch
    records, arrays = [json.loads(lines[number]) for number in changed], list(batch.columns)
    for path in columns.texts:
        new = [(number, _at(record, path)) for number, record in zip(changed, records, strict=True)]
        index = batch.schema.get_field_index(path[0])
        arrays[index] = _replaced(arrays[index], path[1:], new)
    return pyarrow().RecordBatch.from_arrays(arrays, schema=batch.schema)


def _path(fields: Any, name: str) -> Path | None:
    """``a.b`` as the column of that name, or column b in struct a. ``fields``: a schema or the type of a struct."""
    names = [field.name for field in fields]
    if name in names:
        return (name,)
    at = name.rfind(".")
    while at > 0:
        if name[:at] in names:
            kind = fields.field(name[:at]).type
            inner = _path(kind, name[at + 1 :]) if pyarrow().types.is_struct(kind) else None
            if inner is not None:
                return (name[:at], *inner)
        at = name.rfind(".", 0, at)
    return None


def _list_of_structs(schema: Any, name: str) -> str | None:
    """``a`` of ``a.b`` where that column is a list of structs with a field b."""
    column, _, inner = name.partition(".")
    if not inner or schema.names.count(column) != 1 or not _is_list(kind := schema.field(column).type):
        return None
    return column if pyarrow().types.is_struct(kind.value_type) else None


def _type_at(fields: Any, path: Path) -> Any:
    kind = fields.field(path[0]).type
    return kind if len(path) == 1 else _type_at(kind, path[1:])


def _is_text(kind: Any) -> bool:
    types = pyarrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
                or types.is_binary(kind) or types.is_large_binary(kind))  # fmt: skip


def _is_list(kind: Any) -> bool:
    types = pyarrow().types
    return bool(types.is_list(kind) or types.is_large_list(kind))


def _leaf(batch: Any, path: Path) -> Any:
    """The column at ``path``; null where a struct above it is."""
    array = batch.column(path[0])
    import pyarrow.compute

    return pyarrow.compute.struct_field(array, list(path[1:])) if path[1:] else array


def _values(array: Any) -> list[Any]:
    """Strings, lists of strings, numbers and None; bytes that are no UTF-8 as lone surrogates."""
    try:
        values = array.to_pylist()
    except UnicodeDecodeError:
        values = [_each(array, number) for number in range(len(array))]
    return [_decoded(value) for value in values] if _has_bytes(values) else values


def _each(array: Any, number: int) -> Any:
    try:
        return array[number].as_py()
    except UnicodeDecodeError:
        pa = pyarrow()
        value = array[number]
        if _is_list(array.type):
            return [None if not item.is_valid else item.cast(pa.binary()).as_py() for item in value]
        return (value.value if pa.types.is_dictionary(array.type) else value).cast(pa.binary()).as_py()


def _has_bytes(values: Iterable[Any]) -> bool:
    return any(isinstance(each, (bytes, list)) for each in values)


def _decoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return [_decoded(each) for each in value] if isinstance(value, list) else value


def _nested(paths: Sequence[Path], values: Sequence[Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for path, value in zip(paths, values, strict=True):
        holder = record
        for name in path[:-1]:
            holder = holder.setdefault(name, {})
        holder[path[-1]] = value
    return record


def _at(record: dict[str, Any], path: Path) -> Any:
    for name in path:
        record = record[name]
    return record


def _replaced(array: Any, path: Path, new: Sequence[tuple[int, Any]]) -> Any:
    """``array`` with other values in some rows; below it, where there is a ``path`` left."""
    pa = pyarrow()
    if path:
        index = array.type.get_field_index(path[0])
        children = [array.field(number) for number in range(array.type.num_fields)]
        children[index] = _replaced(children[index], path[1:], new)
        fields = [array.type.field(number) for number in range(array.type.num_fields)]
        return pa.StructArray.from_arrays(children, fields=fields, mask=array.is_null())
    if pa.types.is_dictionary(array.type):  # made anew, or what was removed would stay in the dictionary
        plain = _replaced(array.dictionary_decode(), path, new).dictionary_encode()
        indices = plain.indices.cast(array.type.index_type)
        return pa.DictionaryArray.from_arrays(indices, plain.dictionary, ordered=array.type.ordered)
    pieces, at = [], 0
    for number, value in new:
        if value is not None:
            pieces += [array.slice(at, number - at), pa.array([_encoded(value, array.type)], type=array.type)]
            at = number + 1
    return pa.concat_arrays([*pieces, array.slice(at)])


def _encoded(value: Any, kind: Any) -> Any:
    """Strings as bytes, for columns of those."""
    types = pyarrow().types
    if isinstance(value, list):
        return [_encoded(each, kind.value_type if _is_list(kind) else kind) for each in value]
    if isinstance(value, str) and (types.is_binary(kind) or types.is_large_binary(kind)):
        return value.encode("utf-8")
    return value


def _dumps(record: dict[str, Any]) -> bytes:
    try:
        from orjson import dumps

        return dumps(record) + b"\n"
    except (ImportError, TypeError):
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
        return line.encode("utf-8", "surrogateescape")
