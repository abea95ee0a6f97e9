"""Values of this project as bytes and back, for files that a later process reads: data only, never code.

Fields of tuples and data classes go one behind the other, as MessagePack. What comes back is built from the
annotations of the type that is asked for, so that nothing in a file chooses a class. A lone surrogate in a
string stays what it is, which JSON cannot promise: it joins two of them to one character.
"""

from __future__ import annotations

import types
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from cleaner.errors import CleanerError, SettingsError
from cleaner.formats.records import RecordFormat, Trouble
from cleaner.types import Told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
Build = Callable[[Any], Any]

_ARRAY, _LARGE = 1, 2
_ARRAYS = frozenset({"|b1", "|u1", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8"})


class CodecError(CleanerError):
    """Bytes that are no value of the type that was asked for."""


def require() -> None:
    """Raise SettingsError where the package is missing."""
    try:
        import msgpack  # noqa: F401
    except ImportError:
        raise SettingsError("--scope corpus needs msgpack: pip install 'article-cleaner[dumps]'") from None


def encode(value: Any) -> bytes:
    """``value`` as bytes. Raises TypeError for what is no plain value, such as a function."""
    import msgpack

    return bytes(msgpack.packb(value, default=_plain, unicode_errors="surrogatepass"))


def decode(data: bytes | memoryview, kind: type[T]) -> T:
    """The value of type ``kind`` in ``data``. Raises CodecError where there is none."""
    import msgpack

    try:
        plain = msgpack.unpackb(
            data, use_list=False, strict_map_key=False, ext_hook=_extended, unicode_errors="surrogatepass"
        )
        build = _builder(cast(Any, kind))
        value: T = plain if build is None else build(plain)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError, msgpack.UnpackException) as error:
        raise CodecError(f"no {getattr(kind, '__name__', kind)} ({error})") from None
    return value


# --- to bytes -----------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """What MessagePack has no form for, in one that it has."""
    import msgpack
    import numpy as np

    if isinstance(value, np.ndarray):
        head = msgpack.packb((value.dtype.str, value.shape))
        return msgpack.ExtType(_ARRAY, head + np.ascontiguousarray(value).tobytes())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, int):  # an id of more than 64 bits
        return msgpack.ExtType(_LARGE, str(value).encode())
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, partial) and value.func is Told and not value.keywords:
        return value.args
    if type(value) in _readers():
        return (_readers().index(type(value)), *_fields_of(value))
    if is_dataclass(value) and not isinstance(value, type):
        return _fields_of(value)
    raise TypeError(f"{type(value).__name__} cannot be kept in a file")


def _fields_of(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, each.name) for each in fields(value)) if is_dataclass(value) else ()


def _extended(code: int, data: bytes) -> Any:
    if code == _LARGE:
        return int(data)
    if code == _ARRAY:
        return _array(data)
    raise ValueError(f"an extension {code}")


def _array(data: bytes) -> NDArray[np.generic]:
    import msgpack
    import numpy as np

    unpacker = msgpack.Unpacker(use_list=False)
    unpacker.feed(data[:64])
    kind, shape = unpacker.unpack()
    if kind not in _ARRAYS:
        raise ValueError(f"an array of {kind}")
    return np.frombuffer(data, dtype=kind, offset=unpacker.tell()).reshape(shape).copy()


@cache
def _readers() -> tuple[type, ...]:
    """The readers of records, which a step holds one of."""
    from cleaner.formats.delimited import Delimited
    from cleaner.formats.json_array import JsonArray
    from cleaner.formats.jsonl import JsonLines

    return JsonLines, Delimited, JsonArray


# --- from what MessagePack gives ----------------------------------------------------------------

_NAMES = {"RecordFormat": RecordFormat, "Trouble": Trouble}
"""Names in annotations that their modules import for types only."""
_AS_IT_IS = (str, int, float, bool, bytes, type(None), Any, object)


@cache
def _builder(kind: Any) -> Build | None:
    """What makes a value of type ``kind`` of a plain one; None where the plain one is it."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _AS_IT_IS or origin is Literal or _is_array(kind):
        return None
    if kind is RecordFormat:
        return _reader
    if origin in (Union, types.UnionType):
        return _either(inner)
    if origin in (dict, Mapping):
        return _mapping(*inner)
    if origin is Counter:
        return Counter
    if origin in (list, frozenset, Sequence) or (origin is tuple and inner[-1] is Ellipsis):
        return _several(tuple if origin is Sequence else origin, inner[0])
    if origin is tuple:
        return _one_by_one(str(kind), lambda *values: values, inner)
    hints = get_type_hints(kind, localns=_NAMES)
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else list(hints)
    return _one_by_one(str(kind), kind, [hints[name] for name in names])


def _is_array(kind: Any) -> bool:
    import numpy as np

    return get_origin(kind) is np.ndarray


def _either(kinds: tuple[Any, ...]) -> Build | None:
    """A value or None; or one of several types that MessagePack tells apart itself."""
    others = [each for each in kinds if each is not type(None)]
    if all(_is_told(each) for each in others):
        return lambda value: None if value is None else partial(Told, *value)
    builds = [_builder(each) for each in others]
    if builds == [None] * len(builds):
        return None
    (build,) = builds
    assert build is not None
    return lambda value: None if value is None else build(value)


def _is_told(kind: Any) -> bool:
    """``Elsewhere.told``, which of a paragraph of an earlier run holds what it says."""
    return get_origin(kind) is Callable


def _mapping(key: Any, value: Any) -> Build | None:
    assert _builder(key) is None
    build = _builder(value)
    return None if build is None else lambda plain: {name: build(each) for name, each in plain.items()}


def _several(make: Callable[..., Any], kind: Any) -> Build | None:
    build = _builder(kind)
    if build is None:
        return None if make is tuple else make
    return lambda values: make(map(build, values))


def _one_by_one(name: str, make: Callable[..., Any], kinds: Sequence[Any]) -> Build:
    """What builds each field by its own type."""
    builds, number = [_builder(each) for each in kinds], len(kinds)
    special = [(k, build) for k, build in enumerate(builds) if build is not None]

    def build_all(values: Any) -> Any:
        if len(values) != number:
            raise ValueError(f"{len(values)} fields for the {number} of {name}")
        if special:
            values = list(values)
            for k, build in special:
                values[k] = build(values[k])
        return make(*values)

    return build_all


def _reader(values: Any) -> Any:
    number, *rest = values
    return _readers()[number](*rest)
