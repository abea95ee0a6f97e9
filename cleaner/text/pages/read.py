"""Any page by the suffix of its file; each reader is loaded when it is first needed."""

from __future__ import annotations

from cleaner.text.pages.block import Page, PageFormat

FORMATS: dict[str, PageFormat] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".mdx": "mdx",
    ".rst": "rst",
    ".rest": "rst",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "plain",
    ".text": "plain",
}
"""By suffix, in lower case. ``.asc`` is left out: most are signatures."""


def read_page(text: str, format: PageFormat) -> Page:
    """Read a file of a content repository; any text is read as one."""
    if format == "markdown" or format == "mdx":
        from cleaner.text.pages.markdown import read_markdown

        return read_markdown(text, mdx=format == "mdx")
    if format == "rst":
        from cleaner.text.pages.rst import read_rst

        return read_rst(text)
    if format == "asciidoc":
        from cleaner.text.pages.asciidoc import read_asciidoc

        return read_asciidoc(text)
    if format == "html":
        from cleaner.text.pages.html import read_html

        return read_html(text)
    from cleaner.text.pages.plain import read_plain

    return read_plain(text)
