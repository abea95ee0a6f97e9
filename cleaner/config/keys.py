"""The one table of settings: each key, what its values may be, and in whose file it counts.

A repository comes from anybody. Its file may change what is said about that repository, and nothing else: it names no
place to write to or to read from outside, and takes no more of the machine than the defaults do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from cleaner.config import of_check, of_run
from cleaner.repository.reading import MAX_SIZE
from cleaner.values import one_of, size, text, texts, yes_or_no

Right = Literal["anywhere", "inside", "default", "own"]
"""What a repository's file may say: anything; a file inside its folder; up to the default; nothing.

On the command line, in the user's own file and in one named with --config every key counts.
"""


class Key(NamedTuple):
    """One setting.

    check  the value as the program takes it, or SettingsError
    right  what a repository's file may say
    most   with the right ``default``: the largest value
    path   the value is a path, meant from the folder of its file
    flag   whether a flag of that name sets it
    """

    check: Callable[[str, Any], Any]
    right: Right = "anywhere"
    most: int | None = None
    path: bool = False
    flag: bool = True


# Of clean, find and diff. What decides verdicts is also a field of ``cleaner.settings.Settings``.
RUN: dict[str, Key] = {
    "annotate": Key(one_of("spans", "dolma", "onion"), "own"),
    "annotate_field": Key(text, "own"),
    "boilerplate": Key(of_run.whole),
    "boilerplate_by": Key(text),
    "boilerplate_drop": Key(yes_or_no),
    "decisions": Key(of_run.decisions, "inside", path=True),
    "fail_on": Key(one_of("error", "warning", "none")),
    "flag_share": Key(of_run.share),
    "format": Key(of_run.input_format),
    "id_field": Key(text),
    "index": Key(text, "own", path=True),
    "keep": Key(one_of("first", "last")),
    "lang_field": Key(text),
    "level": Key(one_of("exact", "copy", "similar")),
    "lone": Key(one_of("report", "remove")),
    "max_expanded": Key(size, "own"),
    "max_gap": Key(of_run.whole, flag=False),
    "max_removed": Key(of_run.share),
    "measures": Key(yes_or_no),
    "memory": Key(size, "own"),
    "min_passage": Key(of_run.whole, flag=False),
    "min_words": Key(of_run.whole),
    "order_by": Key(of_run.names),
    "protect": Key(texts),
    "scope": Key(one_of("article", "corpus")),
    "scratch": Key(text, "own", path=True),
    "similarity": Key(of_run.number),
    "source_field": Key(text),
    "strict": Key(yes_or_no),
    "text_field": Key(of_run.fields),
    "text_format": Key(of_run.text_format),
    "workers": Key(of_run.whole, "own"),
}

# Of the check and the hook.
CHECK: dict[str, Key] = {
    "across": Key(yes_or_no),
    "base": Key(text),
    "baseline": Key(text, "inside", path=True),
    "cache-dir": Key(text, "own", path=True),
    "disable": Key(of_check.rules),
    "exclude": Key(texts),
    "fail-on": Key(one_of(*of_check.FAIL_ON)),
    "fail-on-empty": Key(yes_or_no),
    "formats": Key(of_check.formats),
    "max-size": Key(size, "default", most=MAX_SIZE, flag=False),
    "min-across": Key(of_check.words),
    "min-adjacent": Key(of_check.words),
    "min-file": Key(of_check.words),
    "near": Key(of_check.near),
    "paths": Key(of_check.paths),
    "rules": Key(of_check.switches),
    "twins": Key(of_check.with_sign("{lang}")),
    "versions": Key(of_check.with_sign("{version}")),
}
