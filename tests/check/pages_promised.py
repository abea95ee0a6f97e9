"""What holds for every page, whatever reads it; and how golden cases show a page's blocks."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from cleaner.text.pages.block import Page

LINE_ENDS = "\r\n"


def listing(page: Page) -> str:
    """Blocks, one a line: kind, scopes from the outside in, what is compared; of ``other`` its first line behind ~."""
    rows = []
    for block in page.blocks:
        kind = f"{block.kind}{block.level}" if block.level else block.kind
        shown = block.says or "~ " + page.text[block.start : block.end].splitlines()[0]
        rows.append(" ".join([kind, *_scopes(page, block.scope), "|", shown]).replace("  ", " "))
    rows += [f"comment | {comment.text!r}" for comment in page.comments]
    rows += [f"front | {page.front}"] if page.front is not None else []
    rows += [f"trouble | {trouble.what}" for trouble in page.troubles]
    return "\n".join(rows) + "\n"


def _scopes(page: Page, scope: int) -> list[str]:
    found: list[str] = []
    while scope > 0:
        found.insert(0, f"{page.scopes[scope].kind}{scope}")
        scope = page.scopes[scope].parent
    return found


def cases(format: str) -> list[Path]:
    """The golden pages of a format."""
    found = sorted(p for p in (Path(__file__).parent / format).iterdir() if p.suffix not in (".blocks", ".md"))
    assert found
    return found


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def check(page: Page, text: str) -> None:
    """Assert what ``block.py`` promises."""
    assert page.text == text
    for block in page.blocks:
        assert 0 <= block.outer[0] <= block.start < block.end <= block.outer[1] <= len(text), block
        shown = text[block.start : block.end]
        assert shown == shown.strip(), block
        assert block.kind != "other" or (block.says == "" and not block.level), block
        assert block.kind == "other" or (block.says.strip() == block.says != ""), block
        assert not set(LINE_ENDS) & set(block.says), block
        assert (block.kind == "heading") == (block.level > 0), block
        assert 0 <= block.scope < len(page.scopes), block
        assert is_whole(text, *block.outer) or page.format == "html", block
    for one, other in pairwise(page.blocks):
        assert one.end <= other.start, (one, other)
        assert one.outer[1] <= other.outer[0], (one, other)
    for number, scope in enumerate(page.scopes):
        assert scope.parent < number, page.scopes
        assert (scope.kind == "page") == (number == 0), page.scopes
    assert page.comments == sorted(page.comments)
    for comment in page.comments:
        assert 0 <= comment.start < comment.end <= len(text), comment


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is whole lines without what ends the last one."""
    begins = start == 0 or text[start - 1] in LINE_ENDS or (start == 1 and text[0] == "\ufeff")
    return begins and text[end - 1] not in LINE_ENDS and (end == len(text) or text[end] in LINE_ENDS)


def solid(text: str) -> str:
    return "".join(text.split())


def pasted(text: str, page: Page, number: int, blank: str) -> str:
    """``text`` with a block's lines once more right below."""
    start, end = page.blocks[number].outer
    return text[:end] + blank + text[start:end] + text[end:]


def check_paste(page: Page, number: int, again: Page) -> None:
    """Assert that the block was read as two neighbours that say the same, and all others as before."""
    one, other = again.blocks[number], again.blocks[number + 1]
    block = page.blocks[number]
    assert (one.kind, one.says, one.scope) == (block.kind, block.says, block.scope)
    assert (other.says, other.scope) == (block.says, block.scope)
    assert other.kind in (block.kind, "prose")
    rest = [b.says for b in again.blocks[: number + 1] + again.blocks[number + 2 :]]
    assert rest == [b.says for b in page.blocks]


def texts(fragments: list[str]) -> st.SearchStrategy[str]:
    """Any text, and texts of a format's signs in any order, with every kind of line end."""
    ends = st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\r", "\n  ", "\n\n    ", "\n\t", " ", "\r\n\r\n"])
    pieces = st.one_of(st.sampled_from(fragments), st.sampled_from(fragments), st.text(max_size=8))
    mixed = st.lists(st.tuples(pieces, ends), max_size=25).map(lambda found: "".join(a + b for a, b in found))
    return st.one_of(mixed, st.text())
