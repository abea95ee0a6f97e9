"""What rules, reasons and names of the log mean, in words for people who have never seen the tool."""

from __future__ import annotations

from cleaner.phases.removable import SENTENCES

LOOKS = {
    "differs": ("facts differ", "A fact differs, and it went because the level or a decision allows that."),
    "much": (
        "much of one article",
        "Much of its article went: more than --flag-share, which is half of its words unless set.",
    ),
    "heading": ("another heading", "It stood under another heading than the text that stays."),
    "alone": ("a lone paragraph", "Nothing around it was repeated, too, and it did not follow its copy at once."),
    "first": ("began the article", "It was the first text of its article."),
    "last": ("ended the article", "It was the last text of its article."),
}
"""Why somebody should look at what went: a short name, and a sentence."""

RULES = {
    "spacing": "spaces or line breaks are set otherwise",
    "case": "capital and small letters are set otherwise",
    "unicode": "the same characters are encoded otherwise",
    "hyphenation": "a word is hyphenated at a line end",
    "quotes": "other quotation marks",
    "dashes": "other dashes",
    "digits": "the same digits in another script",
    "entity": "HTML entities",
    "emphasis": "marks of emphasis around the words",
    "bullet": "a bullet before the paragraph",
    "full stop": "a full stop at the end",
    "typo": "two neighbouring letters are swapped in one long word",
    "decision": "a decision of yours says that it may go",
}
"""Immaterial differences, the rules by which something that is not word for word the same is a copy."""

KEPT = SENTENCES
"""Why something that is the same, or nearly, stays."""

LEVELS = {"exact": "exact", "copy": "copy", "similar": "similar"}
