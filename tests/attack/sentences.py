"""Sentences that tests build articles of, and what stands between them."""

from __future__ import annotations

SENTENCES: dict[str, list[str]] = {
    "latin": [
        "The minister said on Tuesday that 25 of the 140 bridges in the province will be closed until April 2026.",
        "Nobody in the village remembers a winter in which the river rose by 3.5 metres within a single night.",
        "Anna Keller, who runs the museum in Basel, does not expect the paintings to return before the summer.",
        "According to the company the temperature fell from 12 to -5 degrees between midnight and six o'clock.",
        'The captain answered: "We were told to wait for the tide, and so we waited for almost eleven hours."',
        "Le gouvernement a annoncé que l'impôt sur les sociétés passera de 33 % à 25 % d'ici à la fin de 2027.",
        "Selon Claire Dubois, « rien ne permet aujourd'hui d'affirmer que l'accord sera signé avant l'été ».",
        "Die Strom- und Gaspreise sind nach Angaben der Behörde in Maßen gestiegen, aber nicht überall gleich stark.",
        "Er hat das wohlbekannte Gesetz über die Grundsteuer im Frühjahr nicht unterschrieben, sagte Karl Weber.",
    ],
    "cyrillic": [
        "Правительство объявило во вторник, что 25 из 140 мостов в области будут закрыты до апреля 2026 года.",
        "Никто в деревне не помнит зимы, в которую река поднялась бы на 3,5 метра за одну только ночь.",
        "Анна Петрова, которая руководит музеем в Казани, не ожидает возвращения картин до начала лета.",
        "По данным компании, температура за ночь упала с 12 до -5 градусов, и дороги покрылись тонким льдом.",
        "Капитан ответил: «Нам велели ждать прилива, и поэтому мы ждали в порту почти одиннадцать часов».",
    ],
    "arabic": [
        "أعلنت الحكومة يوم الثلاثاء أن 25 جسرا من أصل 140 في المحافظة ستغلق حتى نيسان 2026 لأسباب تتعلق بالسلامة.",
        "لا يتذكر أحد في القرية شتاء ارتفع فيه النهر بمقدار ثلاثة أمتار ونصف خلال ليلة واحدة فقط من الليالي.",
        "قالت مديرة المتحف في دمشق إنها لا تتوقع عودة اللوحات الفنية القديمة إلى القاعة الكبرى قبل بداية الصيف.",
        "وبحسب الشركة انخفضت درجة الحرارة من ١٢ إلى ٥ درجات بين منتصف الليل والساعة السادسة من صباح يوم الجمعة.",
    ],
    "devanagari": [
        "सरकार ने मंगलवार को कहा कि प्रांत के 140 में से 25 पुल अप्रैल 2026 तक मरम्मत के लिए बंद रहेंगे।",
        "गाँव में किसी को ऐसी सर्दी याद नहीं है जिसमें नदी का पानी एक ही रात में तीन मीटर तक बढ़ गया हो।",
        "संग्रहालय की निदेशक ने कहा कि उन्हें गर्मियों से पहले चित्रों के वापस आने की कोई उम्मीद नहीं है।",
        "कंपनी के अनुसार आधी रात और सुबह छह बजे के बीच तापमान १२ से घटकर ५ डिग्री तक पहुँच गया था।",
    ],
    "thai": [
        "รัฐบาลประกาศเมื่อวันอังคารว่าสะพาน 25 แห่งจากทั้งหมด 140 แห่งในจังหวัดจะปิดจนถึงเดือนเมษายน",
        "ไม่มีใครในหมู่บ้านจำได้ว่าเคยมีฤดูหนาวที่แม่น้ำสูงขึ้นถึงสามเมตรครึ่งภายในคืนเดียวเท่านั้น",
        "ผู้อำนวยการพิพิธภัณฑ์กล่าวว่าไม่คาดว่าภาพวาดจะกลับคืนมาก่อนฤดูร้อนที่จะถึงนี้อย่างแน่นอน",
        "บริษัทแจ้งว่าอุณหภูมิลดลงจาก ๑๒ เหลือ ๕ องศาในช่วงเที่ยงคืนถึงหกโมงเช้าของวันศุกร์ที่ผ่านมา",
    ],
    "chinese": [
        "政府星期二宣布，全省140座桥梁中的25座将关闭至2026年4月，以便进行必要的维修和安全检查。",
        "村里没有人记得曾经有过这样的冬天，河水在短短的一夜之间就上涨了整整三米半，淹没了田地。",
        "博物馆馆长表示，她不指望这些画作能在夏天到来之前归还给博物馆，也不清楚具体的归还时间。",
        "据公司介绍，从午夜到早上六点之间气温从12度降到了5度，道路上结了一层薄薄的冰，车辆缓行。",
    ],
}
"""Each is long enough to go alone, and none says what another says."""

SHORT = [
    "So it is.",
    "He said so again, and left.",
    "They paid 5 of the 12 euros back.",
    "Oui, dit-il alors, rien de plus.",
    "Das war 1914 in Wien nicht anders.",
    "Это было в 2026 году.",
]
"""Too short to go alone, but where ``min_words`` is low."""

ADS = ["Advertisement", "Lire aussi", "Реклама", "إعلان", "广告", "Subscribe to our free newsletter today."]
MARKS = ["* * *", "---", "***", "· · ·", "Photo: AFP", "Oui.", "Q: Why?"]
HEADINGS = ["# A", "# B", "## Weather", "Weather\n======="]
