"""What the tags and attributes of a page are to its paragraphs: every list, once, with its reason.

Names are those of the HTML standard (https://html.spec.whatwg.org, "Parsing HTML documents"), in
lower case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.types import Kind


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _names(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr"
)
"""Elements without content and without an end tag."""

RAW = _names("script style textarea title xmp iframe noembed noframes noscript plaintext")
"""Elements whose content is not markup. ``noscript`` is one where scripts run, as in a browser."""

IN_HEAD = _names("base basefont bgsound link meta title noscript noframes style script template html head")
"""Elements of a page's head; any other ends it."""

HEADINGS = _names("h1 h2 h3 h4 h5 h6")

CLOSES_P = HEADINGS | _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form header "
    "hgroup hr listing main menu nav ol p plaintext pre search section summary table ul xmp li dd dt"
)
"""Start tags before which an open paragraph ends."""

BLOCKS = CLOSES_P | _names("html body frameset legend caption colgroup tbody thead tfoot tr td th optgroup option")
"""Elements that text does not flow across: a run of text ends where one begins or ends."""

BARRIERS = _names("applet caption html marquee object table td template th")
"""An end tag does not reach beyond these (the standard's "scope")."""

SPECIAL = BLOCKS | BARRIERS | _names("button select iframe textarea svg math")
"""The end tag of an inline element does not reach beyond these."""

FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
"""An unclosed one goes on in the next block: a paragraph that holds only one of its two tags cannot go."""

BREAKS_OUT = HEADINGS | _names(
    "b big blockquote body br center code dd div dl dt em embed head hr i img li listing menu meta nobr ol p pre ruby "
    "s small span strong strike sub sup table tt u ul var"
)
"""Start tags that end a drawing or a formula around them (the standard's list, without ``font``)."""

OPTIONAL_END = _names("p li dd dt td th tr tbody thead tfoot colgroup caption option optgroup rt rp")
"""Elements whose end tag may be left out."""

ITEMS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
"""Start tags of items, and the items that they end: not beyond another block than these three."""
PASSED = _names("address div p")

CELLS = {
    "td": _names("td th caption colgroup"),
    "th": _names("td th caption colgroup"),
    "tr": _names("tr caption colgroup"),
    "tbody": _names("tbody thead tfoot caption colgroup"),
    "thead": _names("tbody thead tfoot caption colgroup"),
    "tfoot": _names("tbody thead tfoot caption colgroup"),
    "caption": _names("caption colgroup"),
    "colgroup": _names("caption colgroup"),
}
"""Start tags of parts of a table, and the parts that they end: not beyond the table."""

ENDS_LAST = {"rt": ("rt", "rp"), "rp": ("rt", "rp"), "option": ("option",), "optgroup": ("option", "optgroup")}
"""Start tags, and what they end where it is the innermost open element."""

SKIPPED = _names("script style title noframes template datalist")
"""Never content, never changed: what stands before and behind is read as if they were not there."""

REPLACED = _names(
    "img image input embed svg math iframe noembed noscript textarea object applet canvas audio video picture "
    "map select button progress meter"
)
"""What is shown in place of an element, or acted on: content of the paragraph that holds it, compared as a whole."""

WHOLE: dict[str, Kind] = {
    "table": "table",
    "ul": "list",
    "ol": "list",
    "dl": "list",
    "dir": "list",
    "menu": "list",
    "nav": "list",
    "blockquote": "quote",
    "pre": "code",
    "listing": "code",
    "xmp": "code",
    "plaintext": "code",
    "figure": "html",
    "form": "html",
    "fieldset": "html",
    "summary": "heading",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
}
"""Elements that are one paragraph with all that is in them, unless they lay out the page (text/html_tree.py)."""

LAYS_OUT = _names("table ul ol dl dir menu nav blockquote form fieldset figure")
"""Of these the ones that may lay out the page."""

SECTIONS = _names("article section aside main footer nav figure details dialog form fieldset td th li dd blockquote")
"""Where one ends, its headings end, too."""

FRAMES = ("aside", "footer", "nav")
"""Elements around an article rather than of it: their headings are none of its sections."""

HEADERS = _names("header hgroup")
"""What they hold stands over what follows them."""

SIGNS = {
    "sup": "^^", "sub": "__", "del": "~~", "s": "~~", "strike": "~~", "ins": "++", "q": '""', "rt": "()", "rp": "  ",
}  # fmt: skip
"""Inline elements that change what is said, as signs where they begin and end: 10<sup>2</sup> is not 102."""

LITERAL_TAGS = _names("code kbd samp tt var")
"""Words in them are compared as they are written."""

PLAIN_TAGS = _names(
    "a abbr acronym b bdi bdo big cite data dfn em font i label mark nobr small span strong time u wbr ruby rb rtc "
    "tbody body html div p section article main header footer aside center address hgroup search"
)
"""Tags that say nothing by themselves; what their attributes say is compared."""

IMMATERIAL = _names(
    # how it looks
    "class style align valign width height border bgcolor color face size hspace vspace cellpadding cellspacing "
    "nowrap clear noshade frameborder scrolling marginwidth marginheight allowfullscreen sizes background char charoff "
    # how it is loaded, and by whom
    "loading decoding fetchpriority importance crossorigin integrity referrerpolicy nonce rel rev target ping "
    "async defer type "
    # in which language, and for which machine
    "lang xml:lang xmlns dir translate spellcheck hreflang itemprop itemscope itemtype itemid itemref property typeof "
    "resource vocab prefix about datatype inlist role slot part is tabindex accesskey draggable contenteditable "
    "aria-hidden aria-describedby aria-labelledby aria-controls aria-expanded aria-selected aria-current aria-level "
    "aria-live aria-haspopup aria-owns autocapitalize autocorrect enterkeyhint inputmode jsname jsaction jscontroller"
)
"""Attributes that say nothing to a reader. Every other one is compared."""

IMMATERIAL_PREFIXES = ("data-", "ng-", "_ng", "v-", "x-", "xmlns:", "wire:", "hx-", "@", ":", "amp-")
"""Beginnings of such attributes: hooks of scripts. ``data-`` attributes that hold an image's address count."""

IMAGE_DATA = ("src", "url", "href", "original", "image", "lazy", "poster")
"""Parts of the names of ``data-`` attributes in which pages that load images late keep their addresses."""

LINKS = _names("href src action formaction cite poster data longdesc srcset usemap codebase")
"""Attributes that hold an address."""

TRACKING = _names(
    "fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid "
    "mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id _openstat "
    "xtor wickedid s_cid ns_campaign ns_mchannel ns_source ns_linkname piwik_campaign pk_campaign pk_kwd mtm_campaign "
    "mtm_source mtm_medium epik srsltid _branch_match_id guccounter guce_referrer guce_referrer_sig"
)
TRACKING_PREFIXES = ("utm_", "hsa_", "at_campaign", "at_medium", "stm_")
"""Parameters of a link that name who sent the reader (advertisers' click numbers, mailing lists, campaigns), never
what is shown: the names that Firefox, Brave and the ClearURLs rules strip. ``ref``, ``source``, ``id`` and the like
mean something else on other sites, and count."""
