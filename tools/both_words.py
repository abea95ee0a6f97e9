"""Write cleaner/text/both_words.txt: pairs of real words that are one swap of neighbouring letters apart.

The cleaner takes a long word with two inner letters swapped for a typo of the other word. That is
wrong for complaint/compliant or erscheinen/erschienen, so those pairs are shipped; a listed pair
can only keep a text, never remove one.

Run (Debian; wordfreq is on PyPI; about fifteen minutes, one process, 2 GB)::

    apt-get update
    apt-get install --no-install-recommends $(python tools/both_words.py --packages)
    pip install wordfreq
    python tools/both_words.py

What is not installed is left out with a note on standard error, and the list gets shorter.

A language has three sources: the frequencies of wordfreq, the word lists of Debian's dictionary
packages, and a spelling checker (hunspell or voikkospell). A form is *known* when a list has it or
the checker accepts it. The pairs of a language are found in two ways:

1. both words are in wordfreq or in a list: kept when both are known or, where at least one is not,
   when the frequencies do not make the rarer one a misspelling (see ``plausible``), here or in
   another language;
2. one word is known and in wordfreq, its swap is in neither but the checker accepts it as one word
   (not as a compound it put together itself): kept. Left out where hunspell compounds freely and
   does not tell (``compounds``).

Pairs of known words of which neither is in wordfreq are kept only in a language that wordfreq does
not have: elsewhere they are too rare to be worth their bytes.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import pathlib
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import wordfreq

OUT = pathlib.Path(__file__).parent.parent / "cleaner" / "text" / "both_words.txt"
LISTS = pathlib.Path("/usr/share/dict")
CHECKERS = pathlib.Path("/usr/share/hunspell")
LETTERS = 8
"""Shortest word in which a swap is taken for a typo: TYPO_LETTERS of cleaner/text/fold.py."""
RARE = 10**-7.5
"""A word that no dictionary has must be at least this frequent (zipf 1.5)."""
RATIO_UNKNOWN = 10.0
"""The commoner word may be that much commoner when a dictionary does not know the rarer one."""
RATIO_NO_DICTIONARY = 300.0
"""The same for a language without a dictionary."""

MISSPELLED = {"commerical", "comerical", "sheltand", "singelton", "strating"}
"""Common misspellings that some dictionary has all the same; found by reading and with codespell."""
LETTER_SHARE = 10**-5
"""Share of the letters of a dictionary that makes a letter one of its alphabet."""

HEAD = """\
# Pairs of real words of one language that differ by one swap of neighbouring letters (first two
# letters and last letter in place, eight letters or more, lower case, NFC): never plain typos.
# Made by tools/both_words.py from the word frequencies of wordfreq {version} (Robyn Speer; its data is
# CC BY-SA 4.0, github.com/rspeer/wordfreq) and, as evidence that a form exists, Debian's word
# lists (w* packages) and the hunspell, voikko and aspell dictionaries. {count} pairs.
"""


@dataclass(frozen=True)
class Sources:
    """Where the words of a language come from, besides wordfreq."""

    lists: tuple[str, ...] = ()
    """Files in /usr/share/dict."""
    hunspell: tuple[str, ...] = ()
    """Dictionaries in /usr/share/hunspell that judge forms."""
    expand: bool = False
    """Whether the first hunspell dictionary is expanded (unmunch) into a list: it must be a simple one."""
    stems: bool = False
    """Whether the entries of the first hunspell dictionary are a list as they stand."""
    aspell: str = ""
    """An aspell dictionary whose entries are a list."""
    voikko: bool = False
    """Whether voikkospell judges forms (Finnish)."""
    compounds: bool = False
    """Whether hunspell compounds freely without telling so: its word alone makes no pair then."""
    floor: float = 10**-8.5
    """Frequency of a word whose swaps the checker is asked for; a tenth of it must the commoner word
    of every pair have. Raised where prefixes and suffixes without end make pairs without end."""
    packages: tuple[str, ...] = ()
    """The Debian packages that hold all that."""


LANGUAGES: dict[str, Sources] = {
    "af": Sources(hunspell=("af_ZA",), stems=True, compounds=True, packages=("hunspell-af",)),
    "ar": Sources(hunspell=("ar",), floor=10**-5.5, packages=("hunspell-ar",)),
    "be": Sources(hunspell=("be_BY",), expand=True, packages=("hunspell-be",)),
    "bg": Sources(("bulgarian",), ("bg_BG",), packages=("wbulgarian", "hunspell-bg")),
    "ca": Sources(("catalan",), ("ca",), packages=("wcatalan", "hunspell-ca")),
    "cs": Sources(hunspell=("cs_CZ",), floor=10**-7.5, packages=("hunspell-cs",)),
    "da": Sources(("danish",), ("da_DK",), compounds=True, packages=("wdanish", "hunspell-da")),
    "de": Sources(
        ("ngerman", "swiss"),
        ("de_DE",),
        expand=True,
        compounds=True,
        packages=("wngerman", "wswiss", "hunspell-de-de"),
    ),
    "el": Sources(hunspell=("el_GR",), expand=True, packages=("hunspell-el",)),
    "en": Sources(
        ("american-english-huge", "british-english-huge"),
        ("en_US", "en_GB"),
        packages=("wamerican-huge", "wbritish-huge", "hunspell-en-us", "hunspell-en-gb"),
    ),
    "es": Sources(("spanish",), ("es_ES",), packages=("wspanish", "hunspell-es")),
    "eu": Sources(hunspell=("eu",), stems=True, packages=("hunspell-eu",)),
    "fi": Sources(voikko=True, packages=("libvoikko-dev", "voikko-fi")),
    "fo": Sources(("faroese",), packages=("wfaroese",)),
    "fr": Sources(("french",), ("fr",), packages=("wfrench", "hunspell-fr")),
    "ga": Sources(("irish",), packages=("wirish",)),
    "gl": Sources(("galician-minimos",), ("gl_ES",), packages=("wgalician-minimos", "hunspell-gl")),
    "he": Sources(hunspell=("he_IL",), floor=10**-6.0, packages=("hunspell-he",)),
    "hu": Sources(hunspell=("hu_HU",), stems=True, packages=("hunspell-hu",)),
    "hy": Sources(aspell="hy", packages=("aspell-hy",)),
    "id": Sources(hunspell=("id_ID",), stems=True, packages=("hunspell-id",)),
    "is": Sources(hunspell=("is_IS",), stems=True, compounds=True, packages=("hunspell-is",)),
    "it": Sources(("italian",), ("it_IT",), packages=("witalian", "hunspell-it")),
    "lt": Sources(hunspell=("lt_LT",), stems=True, packages=("hunspell-lt",)),
    "lv": Sources(hunspell=("lv_LV",), expand=True, packages=("hunspell-lv",)),
    "nb": Sources(("bokmaal",), ("nb_NO",), compounds=True, packages=("wnorwegian", "hunspell-no")),
    "nl": Sources(("dutch",), ("nl",), compounds=True, packages=("wdutch", "hunspell-nl")),
    "nn": Sources(("nynorsk",), ("nn_NO",), compounds=True, packages=("wnorwegian", "hunspell-no")),
    "pl": Sources(("polish",), ("pl_PL",), packages=("wpolish", "hunspell-pl")),
    "pt": Sources(
        ("portuguese", "brazilian"),
        ("pt_PT", "pt_BR"),
        packages=("wportuguese", "wbrazilian", "hunspell-pt-pt", "hunspell-pt-br"),
    ),
    "ro": Sources(hunspell=("ro_RO",), expand=True, packages=("hunspell-ro",)),
    "ru": Sources(hunspell=("ru_RU",), expand=True, packages=("hunspell-ru",)),
    "sh": Sources(
        hunspell=("hr_HR", "bs_BA", "sr_Latn_RS"),
        stems=True,
        packages=("hunspell-hr", "hunspell-bs", "hunspell-sr"),
    ),
    "sk": Sources(hunspell=("sk_SK",), expand=True, packages=("hunspell-sk",)),
    "sl": Sources(hunspell=("sl_SI",), expand=True, packages=("hunspell-sl",)),
    "sr": Sources(hunspell=("sr_RS",), stems=True, packages=("hunspell-sr",)),
    "sv": Sources(("swedish",), ("sv_SE",), expand=True, compounds=True, packages=("wswedish", "hunspell-sv")),
    "tr": Sources(hunspell=("tr_TR",), stems=True, packages=("hunspell-tr",)),
    "uk": Sources(("ukrainian",), ("uk_UA",), packages=("wukrainian", "hunspell-uk")),
}
TOOLS = ("hunspell", "hunspell-tools", "aspell")
NOT_LETTERS = {"zh", "ja", "ko"}

Pair = tuple[str, str]


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: list[str], text: bytes = b"") -> bytes:
    """Standard output of a program, empty (with a note) when it is not installed."""
    if shutil.which(command[0]) is None:
        note(f"not installed: {command[0]}")
        return b""
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, input=text, capture_output=True, env=env, check=False).stdout


def folded(words: Iterable[str]) -> Iterator[str]:
    """The words that count: lower case, NFC, letters only, long enough (wordfreq has no final sigma)."""
    for word in words:
        word = unicodedata.normalize("NFC", word.strip().lower())
        if len(word) >= LETTERS and word.isalpha():
            yield word[:-1] + "ς" if word[-1] == "σ" else word


def swaps(word: str) -> Iterator[str]:
    """Every other word that one swap of neighbouring inner letters makes of ``word``."""
    for i in range(2, len(word) - 2):
        if word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


# ---------------------------------------------------------------------------------- sources
def encoding(dictionary: str) -> str:
    """The encoding that a hunspell dictionary declares."""
    with (CHECKERS / f"{dictionary}.aff").open("rb") as lines:
        for line in lines:
            words = line.decode("latin-1").lstrip("ï»¿").split()
            if words[:1] == ["SET"]:
                return words[1].lower().replace("microsoft-", "")
    return "latin-1"


def entries(dictionary: str, expand: bool) -> Iterator[str]:
    """The entries of a hunspell dictionary, with all their forms if ``expand``."""
    dic = CHECKERS / f"{dictionary}.dic"
    raw = run(["unmunch", str(dic), str(dic.with_suffix(".aff"))]) if expand else dic.read_bytes()
    for line in raw.decode(encoding(dictionary), "ignore").splitlines():
        yield line.split("\t")[0].split("/")[0]


def listed_words(sources: Sources) -> set[str]:
    """Every word of the lists of a language."""
    found: set[str] = set()
    for name in sources.lists:
        if (LISTS / name).exists():
            found.update(folded((LISTS / name).read_text("utf-8", "ignore").split()))
        else:
            note(f"not installed: {LISTS / name}")
    if sources.aspell:
        dump = run(["aspell", "-d", sources.aspell, "--encoding=utf-8", "dump", "master"])
        found.update(folded(line.split("/")[0] for line in dump.decode("utf-8", "ignore").splitlines()))
    return found


def alphabet(dictionaries: Iterable[str]) -> set[str]:
    """The letters that are common in some dictionary; hunspell lets words in other letters pass."""
    letters: set[str] = set()
    for dictionary in dictionaries:
        count = Counter("".join(entries(dictionary, expand=False)).lower())
        letters.update(c for c, n in count.items() if n > LETTER_SHARE * count.total())
    return letters


@dataclass
class Checker:
    """Tells which forms the spelling checkers of a language accept."""

    dictionaries: list[str]
    voikko: bool = False
    asked: dict[str, bool] = field(default_factory=dict)
    letters: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.letters = alphabet(self.dictionaries)

    def __bool__(self) -> bool:
        return bool(self.dictionaries or self.voikko)

    def accepted(self, words: Iterable[str]) -> set[str]:
        """Those of the words that a checker accepts in lower case or with a capital."""
        wanted = {w for w in words if self.voikko or self.letters.issuperset(w)}
        new = wanted - self.asked.keys()
        text = "".join(f"{w.capitalize()}\n" for w in new).encode()
        good = self._voikko(text) if self.voikko else set()
        for dictionary in self.dictionaries:
            out = run(["hunspell", "-G", "-i", "utf-8", "-d", dictionary], text)
            good.update(out.decode().split("\n"))
        self.asked.update((w, w.capitalize() in good) for w in new)
        return {w for w in wanted if self.asked[w]}

    @staticmethod
    def _voikko(text: bytes) -> set[str]:
        lines = run(["voikkospell"], text).decode("utf-8", "ignore").split("\n")
        return {line[3:] for line in lines if line.startswith("C: ")}

    def single(self, words: Iterable[str]) -> set[str]:
        """Those of the accepted words that have an analysis (hunspell -m) without a compound part."""
        titles = {w.capitalize(): w for w in words}
        text = "".join(f"{title}\n" for title in titles).encode()
        good: set[str] = set()
        for dictionary in self.dictionaries:
            out = run(["hunspell", "-m", "-i", "utf-8", "-d", dictionary], text).decode("utf-8", "ignore")
            rows = (line.partition(" ") for line in out.splitlines())
            good.update(titles[word] for word, _, parts in rows if word in titles and "pa:" not in parts)
        return good


def checker(sources: Sources) -> Checker:
    there = [d for d in sources.hunspell if (CHECKERS / f"{d}.dic").exists()]
    for missing in set(sources.hunspell) - set(there):
        note(f"not installed: {CHECKERS / missing}.dic")
    return Checker(there, sources.voikko and shutil.which("voikkospell") is not None)


def frequencies(language: str) -> dict[str, float]:
    """wordfreq's best list of a language, empty if it has none."""
    if language not in wordfreq.available_languages("best"):
        return {}
    found: dict[str, float] = {}
    for word, frequency in wordfreq.get_frequency_dict(language, "best").items():
        for form in folded([word]):
            found[form] = found.get(form, 0.0) + frequency
    return found


# ------------------------------------------------------------------------------------ pairs
def near_pairs(words: set[str]) -> set[Pair]:
    """Pairs of the given words that are one swap apart."""
    return {(w, s) for w in words for s in swaps(w) if w < s and s in words}


def proposals(known: set[str], words: set[str], check: Checker) -> set[Pair]:
    """Pairs of a known word and a swap of it that is in no list but that a checker accepts."""
    origins: dict[str, list[str]] = {}
    for word in known:
        for swap in swaps(word):
            if swap not in words:
                origins.setdefault(swap, []).append(word)
    return {pair(s, w) for s in check.single(check.accepted(origins)) for w in origins[s]}


def plausible(a: str, b: str, frequency: dict[str, float], known: set[str], has_dictionary: bool) -> bool:
    """Whether the rarer of two words is not plainly a misspelling of the other."""
    rarer, commoner = sorted((a, b), key=lambda w: frequency.get(w, 0.0))
    low, high = frequency.get(rarer, 0.0), frequency.get(commoner, 0.0)
    if low < RARE:
        return False
    trusted = rarer in known or not has_dictionary
    return high / low < (RATIO_NO_DICTIONARY if trusted else RATIO_UNKNOWN)


@dataclass(frozen=True)
class Found:
    """The pairs of a language (or of several)."""

    certain: set[Pair] = field(default_factory=set)
    """Both words are known."""
    doubtful: set[Pair] = field(default_factory=set)
    """Only their frequencies speak for two words."""
    refused: set[Pair] = field(default_factory=set)
    """One is a misspelling of the other."""
    known: set[str] = field(default_factory=set)
    """The known ones of the words in those two."""

    def add(self, other: Found) -> None:
        self.certain.update(other.certain)
        self.doubtful.update(other.doubtful)
        self.refused.update(other.refused)
        self.known.update(other.known)

    def kept(self) -> set[Pair]:
        """What a language takes for a misspelling (reciever) is not saved by its rank in another.

        Unless both are known somewhere: commentaires is French, commentaries English.
        """
        doubtful = {p for p in self.doubtful if p not in self.refused or self.known.issuperset(p)}
        pairs = self.certain | doubtful
        return {p for p in pairs if MISSPELLED.isdisjoint(p)}


def language_pairs(language: str, sources: Sources) -> Found:
    """Every pair of a language."""
    frequency, listed, check = frequencies(language), listed_words(sources), checker(sources)
    words = listed | frequency.keys()
    if check.dictionaries and (sources.expand or sources.stems):
        words |= set(folded(entries(check.dictionaries[0], sources.expand)))
    near = near_pairs(words)
    known = listed | check.accepted(frequency.keys() | {w for p in near for w in p})
    has_dictionary = bool(listed or check)
    certain = {p for p in near if known.issuperset(p)}
    doubtful = {p for p in near - certain if plausible(*p, frequency, known, has_dictionary)}
    refused = near - certain - doubtful
    if frequency:
        certain = {p for p in certain if max(frequency.get(w, 0.0) for w in p) > sources.floor / 10}
    if not sources.compounds:
        common = {w for w in known if frequency.get(w, 0.0) > sources.floor}
        certain |= proposals(common, words, check)
    return Found(certain, doubtful, refused, known & {w for p in doubtful | refused for w in p})


def write(pairs: set[Pair], out: pathlib.Path) -> None:
    head = HEAD.format(version=importlib.metadata.version("wordfreq"), count=len(pairs))
    out.write_text(head + "".join(f"{a} {b}\n" for a, b in sorted(pairs)), encoding="utf-8", newline="\n")


def all_languages() -> list[str]:
    return sorted((LANGUAGES.keys() | wordfreq.available_languages("best").keys()) - NOT_LETTERS)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, default=OUT, help="file to write (default: %(default)s)")
    parser.add_argument("--languages", nargs="+", default=all_languages(), help="only these language codes")
    parser.add_argument("--by-language", type=pathlib.Path, help="folder for one file a language, for reading")
    parser.add_argument("--packages", action="store_true", help="print the Debian packages to install and stop")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    if args.packages:
        print(*TOOLS, *sorted({p for s in LANGUAGES.values() for p in s.packages}))
        return
    everything = Found()
    for language in args.languages:
        found = language_pairs(language, LANGUAGES.get(language, Sources()))
        note(f"{language}: {len(found.certain)} pairs of known words, {len(found.doubtful)} by frequency")
        if args.by_language:
            args.by_language.mkdir(parents=True, exist_ok=True)
            write(found.kept(), args.by_language / f"{language}.txt")
        everything.add(found)
    pairs = everything.kept()
    write(pairs, args.out)
    note(f"{len(pairs)} pairs, {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
