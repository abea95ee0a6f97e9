"""Words that lean on the day of their article: what says "today" is true on that day only.

The table can only refuse a removal: of a language that is missing from it, what says so in words is not known.
"""

from __future__ import annotations

import re

SPACED = (
    "today", "tonight", "yesterday", "tomorrow",  # English
    "heute", "gestern", "morgen",  # German
    "vandaag", "gisteren", "vanavond",  # Dutch
    "idag", "i dag", "igår", "i går", "imorgen", "i morgen", "imorgon",  # Danish, Norwegian, Swedish
    "aujourd'hui", "hier", "demain",  # French
    "hoy", "ayer", "mañana",  # Spanish
    "hoje", "ontem", "amanhã",  # Portuguese
    "oggi", "ieri", "domani",  # Italian
    "avui", "ahir", "demà",  # Catalan
    "astăzi", "azi", "mâine",  # Romanian
    "dziś", "dzisiaj", "wczoraj", "jutro",  # Polish
    "dnes", "včera", "zítra", "zajtra",  # Czech, Slovak
    "danas", "jučer", "sutra", "данас", "јуче",  # Croatian, Serbian
    "tegnap", "holnap",  # Hungarian
    "tänään", "eilen", "huomenna",  # Finnish
    "bugün", "dün", "yarın",  # Turkish
    "hari ini", "kemarin", "besok",  # Indonesian
    "hôm nay", "hôm qua", "ngày mai",  # Vietnamese
    "сегодня", "вчера", "завтра", "сьогодні", "вчора", "днес",  # Russian, Ukrainian, Bulgarian
    "σήμερα", "χθες", "αύριο",  # Greek
    "اليوم", "أمس", "غدا", "امروز", "دیروز", "آج",  # Arabic, Persian, Urdu
    "היום", "אתמול", "מחר",  # Hebrew
    "आज", "오늘", "어제", "내일",  # Hindi, Korean
)  # fmt: skip
"""Where words stand between spaces; folded."""
UNSPACED = (
    "今天", "今日", "昨天", "昨日", "明天", "明日",  # Chinese, Japanese
    "วันนี้", "เมื่อวาน", "พรุ่งนี้", "ມື້ນີ້", "ယနေ့", "ថ្ងៃនេះ",  # Thai, Lao, Burmese, Khmer
)  # fmt: skip
"""Where they do not."""

_words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, SPACED))})(?!\w)|{'|'.join(map(re.escape, UNSPACED))}")


def names_a_day(text: str) -> bool:
    """Whether a text says today, yesterday, tomorrow or tonight."""
    return _words.search(" ".join(text.casefold().replace("\u2019", "'").split())) is not None
