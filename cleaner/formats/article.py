"""A file that is one article: bytes in; cuts, rows and counts out. No file is touched here."""

from __future__ import annotations

from cleaner.errors import InternalError
from cleaner.formats.cases import Article, describe, fewest
from cleaner.formats.decode import Decoded, NotDecoded, byte_spans, decode, without
from cleaner.formats.noting import note, note_measures, note_removed
from cleaner.formats.rows import Place, digest, encoded_spans, kept_digests, removal_rows, variant_rows
from cleaner.formats.tally import words_in
from cleaner.formats.work import Found, Problem, TextFormat, Work, cuts_of
from cleaner.types import Outcome

_FIXES = {
    "not text": "left as it is: leave it out, or extract its text first",
    "undecodable": "left as it is: convert it to UTF-8",
    "not round-tripping": "left as it is: convert it to UTF-8",
}


def clean_article(data: bytes, file: str, text_format: TextFormat, work: Work, encoding: str | None = None) -> Found:
    """What to cut from the file ``data`` (bytes, decompressed) and why.

    ``encoding`` is the one recorded by an earlier run, if any. Raises InternalError.
    """
    try:
        decoded = decode(data, encoding, is_page=text_format == "html")
    except NotDecoded as error:
        return _skipped(file, error.reason, error.detail, data, error.offset)
    (outcome,) = work.clean([decoded.text], work.settings, text_format)
    found = Found(encoding=decoded.encoding, bom=decoded.bom, confidence=decoded.confidence)
    found.places = [Place(file)]
    note(found, outcome.counts, decoded.text, found.places[0], text_format)
    found.tally.count_found(outcome)
    if work.measures:
        note_measures(found, decoded.text, text_format)
    if outcome.removed or outcome.variants:
        problem = _fill(found, outcome, decoded, data, text_format, work)
        if problem:
            return _skipped(file, "not round-tripping", problem, data, None)
    return found


def _fill(
    found: Found, outcome: Outcome, decoded: Decoded, data: bytes, text_format: TextFormat, work: Work
) -> str | None:
    """Put cuts and rows into ``found``; what hinders a cut in bytes is returned in words."""
    text, (place,) = decoded.text, found.places
    cuts = byte_spans(decoded, data, cuts_of(outcome, text, place.file))
    if cuts is None:
        return f"{decoded.encoding} text whose parts do not stand alone"
    output = without(data, cuts)
    if output[len(decoded.bom) :].decode(decoded.encoding, "replace") != outcome.text:
        raise InternalError(place.file, "the cut bytes do not read as the cleaned text")
    found.changes = [(start, end, b"") for start, end in cuts]
    found.removals = removal_rows(outcome, text, place, cuts, kept_digests(data, cuts))
    whole = digest(output) if cuts else ""
    for row in found.removals:
        row["digest"] = whole
    reported = [(each.start, each.end) for each in outcome.variants]
    reported = encoded_spans(text, reported, decoded.encoding, len(decoded.bom))
    found.variants = variant_rows(outcome, text, place, reported)
    words = [words_in(text[each.start : each.end], text_format) for each in outcome.removed]
    article = Article(outcome, text, text_format, place, words)
    if cuts:
        note_removed(found, article, work)
    found.cases = fewest(describe(article, found.removals, found.variants, work.flag_share))
    return None


def _skipped(file: str, reason: str, detail: str, data: bytes, offset: int | None) -> Found:
    line = None if offset is None else data.count(b"\n", 0, offset) + 1
    found = Found(problems=[Problem(file, line, reason, detail, _FIXES[reason])])
    found.tally.skipped[reason] += 1
    return found
