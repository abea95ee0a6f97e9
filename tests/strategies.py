"""Articles for property tests: hypothesis chooses, so that a failure shrinks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from attack.edits import EDITS
from attack.sentences import ADS, HEADINGS, MARKS, SENTENCES
from hypothesis import strategies as st

Draw = st.DrawFn
T = TypeVar("T")


class Drawn:
    """Choices of hypothesis, as ``attack.choices.Choices`` has them."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def choice(self, seq: Sequence[T], /) -> T:
        return self.draw(st.sampled_from(seq))

    def randint(self, a: int, b: int, /) -> int:
        return self.draw(st.integers(a, b))


class Choosing(Drawn):
    """The same inside a test that takes ``st.data()``."""

    def __init__(self, data: st.DataObject) -> None:
        super().__init__(data.draw)  # type: ignore[arg-type]


@st.composite
def articles(draw: Draw, gaps: Sequence[str] = ("\n", "\n\n", "")) -> str:
    """An article in which something is said again, exactly or nearly, somewhere."""
    scripts = draw(st.lists(st.sampled_from(sorted(SENTENCES)), min_size=1, max_size=2))
    bank = [s for script in scripts for s in SENTENCES[script]]
    space = "" if scripts == ["chinese"] else " "
    sentences = st.lists(st.sampled_from(bank), min_size=1, max_size=3, unique=True)
    paragraphs: list[str] = [space.join(s) for s in draw(st.lists(sentences, min_size=1, max_size=4))]
    for _ in range(draw(st.integers(1, 4))):
        _grow(draw, paragraphs, space)
    text = paragraphs[0]
    gap = draw(st.sampled_from(gaps))
    for paragraph in paragraphs[1:]:
        text += (gap or draw(st.sampled_from(["\n", "\n\n", " ", "\n\n\n", "\n    ", " \n"]))) + paragraph
    text = draw(st.sampled_from(["", "\n", "  "])) + text + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", "\r\n") if draw(st.integers(0, 5)) == 5 else text


def _grow(draw: Draw, paragraphs: list[str], space: str) -> None:
    """One thing more: a copy of a run of paragraphs, edited or not, or something that stands between."""
    at = draw(st.integers(0, len(paragraphs)))
    step = draw(st.integers(0, 9))
    if step == 9:
        paragraphs.insert(at, draw(st.sampled_from(ADS + MARKS + HEADINGS)))
        return
    first = draw(st.integers(0, len(paragraphs) - 1))
    run = paragraphs[first : first + draw(st.integers(1, 4))]
    for edit in draw(st.lists(st.sampled_from(EDITS), max_size=2)) if step > 2 else ():
        i = draw(st.integers(0, len(run) - 1))
        run[i] = edit(Drawn(draw), run[i])
    if step == 6:
        run = [space.join(run)]
    if step == 7:
        run = [piece for p in run for piece in re.split(r"(?<=[.。।]) ?(?=[^\W\d])", p)]
    if step == 8:
        run.insert(draw(st.integers(0, len(run))), draw(st.sampled_from(ADS + MARKS + HEADINGS)))
    paragraphs[at:at] = run
