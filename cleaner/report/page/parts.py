"""The parts that pages are made of, and how a policy knows them."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files


def part(name: str) -> str:
    """A template, a style or a script of the package."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def source(text: str) -> str:
    """What a content-security policy allows a style or script by: its own text, and no other."""
    digest = b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
