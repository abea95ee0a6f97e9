"""Values of the settings of a run. Each function raises SettingsError, naming the setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from cleaner.errors import SettingsError
from cleaner.values import one_of, text, texts

if TYPE_CHECKING:
    from cleaner.decisions import Decisions


def share(name: str, value: Any) -> float:
    """``20%`` or ``0.2`` as a share in [0, 1]; a bare 1 could be meant either way."""
    text = str(value).strip()
    try:
        if text == "1" or isinstance(value, bool):
            raise ValueError
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; write it like 20% or 0.2") from None
    if not 0 <= number <= 1:
        raise SettingsError(f"{name} is {text!r}; write a share from 0% to 100%, like 20% or 0.2")
    return number


def whole(name: str, value: Any) -> int:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise SettingsError(f"{name} is {value!r}; give a whole number")


def number(name: str, value: Any) -> float:
    """Any number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise SettingsError(f"{name} is {value!r}; give a number")


def decisions(name: str, value: Any) -> Decisions:
    """The marks in the file at the path ``value``."""
    from cleaner.decisions import Decisions, parse

    if isinstance(value, Decisions):
        return value
    path = text(name, value)
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no path"
        raise SettingsError(f"{name}: {path!a} cannot be read ({why}); give the file that the report exports") from None
    return parse(data, path)


def fields(name: str, value: Any) -> str:
    """Several fields as one text, separated by commas, as a single flag may give them."""
    joined = ",".join(texts(name, value))
    if not joined.strip(", "):
        raise SettingsError(f"{name} is {value!r}; give the name of a field, or several")
    return joined


def names(name: str, value: Any) -> tuple[str, ...]:
    """Names parted by commas, or a list of them."""
    values = value.split(",") if isinstance(value, str) else value
    return tuple(each.strip() for each in texts(name, list(values) if isinstance(values, tuple) else values))


# The names of formats stand where the formats are read, which the hook's road does not load.


def input_format(name: str, value: Any) -> Any:
    """The format of inputs."""
    from cleaner.formats.files import Format

    return one_of(*get_args(Format))(name, value)


def text_format(name: str, value: Any) -> Any:
    """The format of the texts in records."""
    from cleaner.formats.work import TextFormat

    return one_of(*get_args(TextFormat))(name, value)
