"use strict";
// The list of cases: searched, filtered, sorted, marked. Texts of the data become text nodes only; no markup is
// ever made of them.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const cases = data.cases;
  const STEP = 25;
  const $ = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en");
  const went = data.would ? "would go" : "went";

  // --- text, safe to look at ---------------------------------------------------------------------------------

  // Controls, marks and embeddings of direction, separators of lines, byte order marks, tags, halves of pairs, and
  // the spaces that nobody sees. A carriage return before a line feed is a line end.
  const HIDDEN = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]|[\u{e0000}-\u{e007f}]/gu;
  const code = (sign) => "U+" + sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  const shown = (text) => {
    const piece = document.createDocumentFragment();
    let at = 0;
    for (const found of String(text).matchAll(HIDDEN)) {
      piece.append(text.slice(at, found.index), make("span", { class: "code" }, code(found[0])));
      at = found.index + found[0].length;
    }
    piece.append(text.slice(at));
    return piece;
  };
  const plain = (text) => String(text).replace(HIDDEN, code);

  // --- what differs, word by word ----------------------------------------------------------------------------

  const words = (text) => text.match(/\s+|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu) || [];
  const MOST_STEPS = 4e6;

  // The longest common run of words of both (dynamic programming), as flags: true where a word has no partner.
  const differing = (a, b) => {
    let low = 0;
    let endA = a.length;
    let endB = b.length;
    while (low < endA && low < endB && a[low] === b[low]) low++;
    while (endA > low && endB > low && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
    const n = endA - low;
    const m = endB - low;
    const flagsA = new Uint8Array(a.length).fill(1, low, endA);
    const flagsB = new Uint8Array(b.length).fill(1, low, endB);
    if (!n || !m || n * m > MOST_STEPS) return [flagsA, flagsB];
    const table = new Uint16Array((n + 1) * (m + 1));
    for (let i = n - 1; i >= 0; i--) {
      for (let j = m - 1; j >= 0; j--) {
        const at = i * (m + 1) + j;
        table[at] = a[low + i] === b[low + j] ? table[at + m + 2] + 1 : Math.max(table[at + m + 1], table[at + 1]);
      }
    }
    for (let i = 0, j = 0; i < n && j < m;) {
      if (a[low + i] === b[low + j]) { flagsA[low + i++] = 0; flagsB[low + j++] = 0; }
      else if (table[(i + 1) * (m + 1) + j] >= table[i * (m + 1) + j + 1]) i++;
      else j++;
    }
    return [flagsA, flagsB];
  };

  // A text with its differing words marked; those that stand in a material difference as facts.
  const marked = (tokens, flags, facts) => {
    const piece = document.createDocumentFragment();
    for (let i = 0; i < tokens.length;) {
      let end = i;
      const fact = flags[i] && facts.has(tokens[i]);
      while (end < tokens.length && flags[end] === flags[i] && (!flags[i] || facts.has(tokens[end]) === Boolean(fact))) end++;
      const text = tokens.slice(i, end).join("");
      const said = text.trim();
      if (!flags[i] || !said) piece.append(shown(text));
      else {
        const at = text.indexOf(said);
        piece.append(text.slice(0, at), make("mark", { class: fact ? "fact" : null }, shown(said)), text.slice(at + said.length));
      }
      i = end;
    }
    return piece;
  };

  const pair = (span) => {
    const said = span.witness.text;
    if (said === undefined) return [shown(span.text), shown(span.text)];
    if (said === null) return [shown(span.text), make("em", {}, "The log does not hold this text: look at the place named above.")];
    const [a, b] = [words(span.text), words(said.replace(/^[\r\n]+|[\r\n]+$/g, ""))];
    const [flagsA, flagsB] = differing(a, b);
    const material = (span.d || []).filter((each) => each[3]);
    const facts = (side) => new Set(material.flatMap((each) => words(each[side])));
    return [marked(a, flagsA, facts(1)), marked(b, flagsB, facts(2))];
  };

  // --- what a case is, in words ------------------------------------------------------------------------------

  const place = (each) => {
    let where = each.record === null || each.record === undefined ? `${each.file}:${each.line}` : `${each.file}, record ${each.record}`;
    if (each.id !== null && each.id !== undefined) where += ` (id ${each.id}, line ${each.line})`;
    else if (each.record !== null && each.record !== undefined) where += `, line ${each.line}`;
    return where;
  };
  const own = (span) => span.witness.file === undefined;
  const lines = (first, last) => (last > first ? `lines ${first}–${last}` : `line ${first}`);
  const witness = (each) => {
    const spans = each.spans;
    const first = spans[0].witness;
    return own(spans[0])
      ? `${lines(first.line, spans[spans.length - 1].witness.last || first.line)} of the same article`
      : place(first);
  };
  const SHAPES = { paragraph: "paragraph", block: "block", passage: "passage" };
  const what = (each) => (each.paragraphs > 1 ? `${SHAPES[each.shape]} of ${each.paragraphs} paragraphs` : each.shape);

  const list = (parts) => (parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`);
  const told = (difference) => {
    const [name, here, there] = difference;
    if (!there) return `${name} “${here}” only here`;
    if (!here) return `${name} “${there}” only there`;
    return `${name} “${here}” here, “${there}” there`;
  };
  const differences = (each, material) => {
    const all = each.spans.flatMap((span) => span.d || []).filter((d) => d[3] === material);
    const more = all.length > 4 ? [`${all.length - 4} more`] : [];
    return [...all.slice(0, 4).map(told), ...more];
  };

  const whyRemoval = (each) => {
    const facts = differences(each, true);
    const rules = each.rules || [];
    const reasons = rules.map((rule) => data.rules[rule] || rule);
    if (facts.length) return `It ${went} although facts differ (${facts.join("; ")}), since ${rules.includes("decision") ? "a decision says so" : "the level of this run is similar"}.`;
    const same = rules.length ? `says the same as ${witness(each)}; the only differences: ${list(reasons)}.` : `says word for word what ${witness(each)} says.`;
    return `It ${went}, since it ${same}`;
  };
  const whyVariant = (each) => {
    const rule = (each.rules || [])[0] || "differs";
    const facts = [...differences(each, true), ...differences(each, false)];
    const reason = data.kept[rule] || data.rules[rule] || rule;
    return `It stays although it is nearly what ${witness(each)} says: ${reason}${facts.length ? ` (${facts.join("; ")})` : ""}.`;
  };
  const why = (each) => plain(each.of === "removal" ? whyRemoval(each) : whyVariant(each));

  // --- marks -------------------------------------------------------------------------------------------------

  // A mark is about a text: of a removal about its own, of a variant about it beside its witness.
  const store = `cleaner-marks-${data.run}`;
  const marks = new Map();
  const pairsOf = (each) => [...each.spans.map((span) => [span.key, span.witness.key]), ...(each.rest || [])];
  const keyOf = ([key, there]) => `${key} ${there || ""}`;
  const keysOf = (each) => pairsOf(each).map(keyOf);
  const markOf = (each) => marks.get(keysOf(each)[0]);
  const load = () => {
    try { for (const [key, mark] of JSON.parse(localStorage.getItem(store) || "[]")) marks.set(key, mark); } catch { /* no memory here */ }
  };
  const save = () => {
    try { localStorage.setItem(store, JSON.stringify([...marks])); } catch { /* no memory here */ }
  };
  const byText = new Map();
  for (const each of cases) {
    for (const [text, there] of pairsOf(each)) {
      if (!byText.has(text)) byText.set(text, new Set());
      byText.get(text).add(keyOf([text, there]));
    }
  }
  // To keep a text is to keep every copy of it, so marks about one text agree; to remove it is about one witness.
  const set = (each, mark) => {
    for (const [text, there] of pairsOf(each)) {
      const own = keyOf([text, there]);
      for (const key of byText.get(text)) {
        if (mark === "keep") marks.set(key, mark);
        else if (key === own || marks.get(key) === "keep") marks.delete(key);
      }
      if (mark === "remove" && there) marks.set(own, mark);
    }
  };
  const alike = new Map();
  const likeness = (each) => {
    const facts = each.spans.flatMap((span) => (span.d || []).filter((d) => d[3]).map((d) => d.slice(0, 3).join("|")));
    return [each.of, facts.length ? facts.join(" ") : pairsOf(each).map(([key]) => key).join(" ")].join(" ");
  };
  for (const each of cases) {
    const key = likeness(each);
    if (!alike.has(key)) alike.set(key, []);
    alike.get(key).push(each);
  }

  // --- the list ----------------------------------------------------------------------------------------------

  let view = cases.some((each) => each.look) ? "look" : cases.some((each) => each.of === "removal") ? "removal" : "variant";
  let listed = [];
  let drawn = 0;

  const inView = (each) => (view === "look" ? each.of === "removal" && each.look : each.of === view);
  const haystack = (each) => {
    if (each.hay === undefined) {
      const texts = each.spans.flatMap((span) => [span.text, span.witness.text || "", span.witness.file || "", span.witness.id || ""]);
      each.hay = [each.file, each.id || "", each.record || "", ...texts].join("\n").toLowerCase();
    }
    return each.hay;
  };
  const SORTS = {
    log: ["as they stand in the log", null],
    look: ["most reasons to look first", (a, b) => (b.look || []).length - (a.look || []).length],
    longest: ["longest first", (a, b) => b.words - a.words],
    shortest: ["shortest first", (a, b) => a.words - b.words],
    different: ["least similar first", (a, b) => a.similarity - b.similarity],
    share: ["largest share of its article first", (a, b) => (b.share || 0) - (a.share || 0)],
  };
  const FILTERS = ["shape", "level", "rules", "look", "lang", "source"];
  const valuesOf = (each, name) => (Array.isArray(each[name]) ? each[name] : each[name] === undefined ? [] : [each[name]]);

  const fillSelects = () => {
    const here = cases.filter(inView);
    for (const name of FILTERS) {
      const select = $(`filter-${name}`);
      const chosen = select.value;
      const counts = new Map();
      for (const each of here) for (const value of valuesOf(each, name)) counts.set(value, (counts.get(value) || 0) + 1);
      const label = (value) => plain(name === "look" ? data.looks[value][0] : value);
      const options = [...counts].sort((a, b) => b[1] - a[1]).map(([value, count]) => make("option", { value }, `${label(value)} (${number(count)})`));
      select.replaceChildren(make("option", { value: "" }, "any"), ...options);
      select.value = counts.has(chosen) ? chosen : "";
      select.disabled = !options.length;
    }
  };

  const limit = (id, scale = 1) => ($(id).value === "" || Number.isNaN(Number($(id).value)) ? null : Number($(id).value) / scale);
  const chosenCases = () => {
    const wanted = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const filters = FILTERS.map((name) => [name, $(`filter-${name}`).value]).filter(([, value]) => value);
    const [low, high] = [limit("similarity-min"), limit("similarity-max")];
    const [least, most] = [limit("share-min", 100), limit("share-max", 100)];
    const mark = $("filter-mark").value;
    return cases.filter((each) => inView(each)
      && filters.every(([name, value]) => valuesOf(each, name).includes(value))
      && (low === null || each.similarity >= low) && (high === null || each.similarity <= high)
      && (least === null || (each.share || 0) >= least) && (most === null || (each.share || 0) <= most)
      && (!mark || (markOf(each) || "none") === mark)
      && wanted.every((word) => haystack(each).includes(word)));
  };

  const side = (each, kind, title, around, said, dir = "auto") => make("div", { class: `side ${kind}` },
    make("h4", {}, shown(title)),
    around.heading ? make("p", { class: "under" }, "under: ", shown(around.heading)) : null,
    around.before ? make("p", { class: "around", dir }, shown(around.before)) : null,
    ...said.map((piece) => make("p", { class: "said", dir }, piece)),
    around.behind ? make("p", { class: "around", dir }, shown(around.behind)) : null);

  const sides = (each) => {
    const pairs = each.spans.map(pair);
    const more = each.paragraphs - each.spans.length;
    const rest = more > 0 ? [make("em", {}, `and ${number(more)} paragraphs more`)] : [];
    const title = each.of === "removal" ? `${went === "went" ? "Went" : "Would go"}: ${place(each)}` : `Stays, too: ${place(each)}`;
    return make("div", { class: "sides" },
      side(each, each.of === "removal" ? "gone" : "variant", title, each, [...pairs.map(([here]) => here), ...rest]),
      side(each, "stays", `Stays: ${witness(each)}`, each.witness || {}, [...pairs.map(([, there]) => there), ...rest]));
  };

  const chips = (each) => {
    const told = [each.shape, each.level, ...(each.rules || []), `similarity ${each.similarity}`, `${number(each.words)} words`];
    if (each.share) told.push(`${(each.share * 100).toFixed(each.share < 0.1 ? 1 : 0)}% of its article went`);
    if (each.boilerplate) told.push(`stands in ${number(each.boilerplate)} articles`);
    if (each.lang) told.push(each.lang);
    return make("p", { class: "chips" },
      ...(each.look || []).map((reason) => make("span", { class: "chip look", title: data.looks[reason][1] }, `look: ${data.looks[reason][0]}`)),
      ...told.filter(Boolean).map((text) => make("span", { class: "chip" }, shown(text))));
  };

  const button = (label, pressed, act, extra = {}) => {
    const element = make("button", { type: "button", "aria-pressed": pressed === null ? null : String(pressed), ...extra }, label);
    element.addEventListener("click", act);
    return element;
  };

  const actions = (each) => {
    const mark = markOf(each);
    const group = alike.get(likeness(each));
    const act = (value, all) => () => {
      for (const one of all ? group : [each]) set(one, value);
      save();
      refresh();
    };
    const removable = each.spans.some((span) => span.witness.key);
    const piece = make("div", { class: "actions", role: "group", "aria-label": `Decision about case ${each.n}` },
      button("Keep", mark === "keep", act(mark === "keep" ? null : "keep", false), { class: "keep-it", title: each.of === "removal" ? "In the next run it stays, wherever it stands" : "It stays, as it does now; the hook takes it as known" }),
      removable ? button("Remove", mark === "remove", act(mark === "remove" ? null : "remove", false), { class: "remove-it", title: each.of === "removal" ? `It ${went} already: this says that you agree` : "In the next run it goes, although it differs" }) : null);
    if (group.length > 1) {
      piece.append(make("span", { class: "like" }, `${number(group.length)} like it:`),
        button("Keep all", null, act("keep", true), { class: "keep-like", "aria-label": `Keep all ${group.length} cases like this one` }),
        ...(removable ? [button("Remove all", null, act("remove", true), { class: "remove-like", "aria-label": `Remove all ${group.length} cases like this one` })] : []));
    }
    return piece;
  };

  const card = (each) => {
    const element = make("article", { class: "case", tabindex: "0", "aria-labelledby": `case-${each.of}-${each.n}`, "data-n": each.n, "data-of": each.of },
      make("h3", { id: `case-${each.of}-${each.n}` }, shown(`${what(each)[0].toUpperCase()}${what(each).slice(1)} in ${place(each)}`)),
      make("p", { class: "why" }, why(each)));
    if (each.look) element.append(make("ul", { class: "reasons", "aria-label": "Why to look" }, ...each.look.map((reason) => make("li", {}, data.looks[reason][1]))));
    element.append(sides(each), chips(each), actions(each));
    element.case = each;
    paint(element);
    return element;
  };
  const paint = (element) => {
    element.classList.remove("keep", "remove");
    if (markOf(element.case)) element.classList.add(markOf(element.case));
  };

  const draw = (upTo) => {
    const box = $("list");
    for (; drawn < Math.min(upTo, listed.length); drawn++) box.append(card(listed[drawn]));
    const left = listed.length - drawn;
    $("more").hidden = !left;
    $("printed").textContent = left ? `${number(left)} more cases are listed in the page, and not printed: press "Show more" before printing.` : "";
    $("more").textContent = `Show ${number(Math.min(STEP, left))} more (${number(left)} are left)`;
  };

  const relist = () => {
    listed = chosenCases();
    const held = cases.filter(inView).length;
    const order = SORTS[$("sort").value][1];
    if (order) listed = listed.map((each, at) => [each, at]).sort((a, b) => order(a[0], b[0]) || a[1] - b[1]).map(([each]) => each);
    const none = held ? "No case fits. Reset takes search and filters back." : "There are none of these in this run.";
    $("list").replaceChildren(...(listed.length ? [] : [make("p", { class: "note" }, none)]));
    drawn = 0;
    draw(STEP);
    $("count").textContent = listed.length === held ? `${number(held)} ${held === 1 ? "case" : "cases"}` : `${number(listed.length)} of ${number(held)} cases`;
    for (const id of ["all-keep", "all-remove", "all-clear"]) $(id).disabled = !listed.length;
  };

  // After a mark: what is drawn stays where it is, only its buttons and colours are new.
  const refresh = () => {
    const active = document.activeElement;
    for (const element of $("list").querySelectorAll(".case")) {
      const focused = element.contains(active) && active !== element ? active.className : null;
      element.querySelector(".actions").replaceWith(actions(element.case));
      paint(element);
      if (focused !== null) (element.querySelector(`.actions .${focused}`) || element).focus();
    }
    tray();
  };

  const tray = () => {
    const counts = { keep: 0, remove: 0 };
    for (const mark of new Map([...marks].map(([key, mark]) => [mark === "keep" ? key.split(" ")[0] : key, mark])).values()) counts[mark]++;
    $("tray").hidden = !marks.size;
    $("marks").textContent = `${number(counts.keep)} ${counts.keep === 1 ? "text" : "texts"} to keep, ${number(counts.remove)} to remove`;
  };

  const show = (name) => {
    view = name;
    for (const id of ["look", "removal", "variant"]) $(`view-${id}`).setAttribute("aria-pressed", String(id === view));
    const held = cases.filter(inView).length;
    const all = data.totals[view === "look" ? "look" : view];
    const kinds = { look: "repeats that somebody should see", removal: "repeats", variant: "variants" };
    const sampled = `This page holds ${number(held)} of ${number(all)} ${kinds[view]}: a sample by chance (by a hash of each text), in which those to look at are eight times as likely. The figures above count all of them, and the log has all of them.`;
    $("view-note").textContent = held < all ? sampled : held > 1 ? `All ${number(all)} ${kinds[view]} of the run are in this page.` : "";
    fillSelects();
    relist();
  };

  // --- files for the next run --------------------------------------------------------------------------------

  const hand = (name, type, text) => {
    const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const decisions = () => {
    const rows = [JSON.stringify({ cleaner: "decisions", version: 1 })];
    const seen = new Set();
    for (const each of cases) {
      for (const [at, [text, there]] of pairsOf(each).entries()) {
        const key = keyOf([text, there]);
        const mark = marks.get(key);
        const said = mark === "keep" ? text : key;
        if (!mark || seen.has(said)) continue;
        seen.add(said);
        rows.push(JSON.stringify({
          decision: mark, key: text, witness: there || null, file: each.file, record: each.record ?? null,
          id: each.id ?? null, line: each.line, text: at < each.spans.length ? each.spans[at].text.trim().slice(0, 80) : "",
        }));
      }
    }
    return rows.join("\n") + "\n";
  };
  // A cell that begins like a formula gets an apostrophe, so that a spreadsheet reads it as text.
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const COLUMNS = ["decision", "kind", "file", "record", "id", "line", "shape", "level", "rule", "similarity", "words",
    "share", "language", "source", "look", "differences", "text", "witness_place", "witness_text", "key", "witness_key"];
  const table = () => {
    const rows = [COLUMNS.join(",")];
    for (const each of listed) {
      for (const span of each.spans) {
        const there = own(span) ? `line ${span.witness.line}` : place(span.witness);
        rows.push([marks.get(`${span.key} ${span.witness.key || ""}`) || "", each.of, each.file, each.record, each.id, each.line,
          each.shape, each.level, (each.rules || ["identical"]).join("+"), each.similarity, each.words, each.share, each.lang,
          each.source, (each.look || []).join("+"), (span.d || []).map(told).join("; "), span.text.trim(), there,
          span.witness.text === undefined ? span.text.trim() : span.witness.text, span.key, span.witness.key].map(cell).join(","));
      }
    }
    return "\ufeff" + rows.join("\r\n") + "\r\n";
  };

  // --- keys and buttons --------------------------------------------------------------------------------------

  const KEYS = {
    j: (element) => { if (element === $("list").lastElementChild) draw(drawn + STEP); (element.nextElementSibling || element).focus(); },
    k: (element) => (element.previousElementSibling || element).focus(),
    s: (element) => decide(element, "keep"),
    r: (element) => decide(element, "remove"),
    u: (element) => decide(element, null),
    "/": () => $("search").focus(),
  };
  const decide = (element, mark) => { set(element.case, mark); save(); refresh(); };
  $("list").addEventListener("keydown", (event) => {
    const element = event.target.closest(".case");
    if (!element || event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key](element);
    if (event.key === "j" || event.key === "k") document.activeElement.scrollIntoView({ block: "nearest" });
  });

  const markAll = (mark) => () => { for (const each of listed) set(each, mark); save(); refresh(); };
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(relist, 120); };

  for (const name of ["look", "removal", "variant"]) $(`view-${name}`).addEventListener("click", () => show(name));
  $("view-look").textContent = `Removed, but look (${number(data.totals.look)})`;
  $("view-removal").textContent = `All removed (${number(data.totals.removal)})`;
  $("view-variant").textContent = `Variants that stay (${number(data.totals.variant)})`;
  for (const [value, [label]] of Object.entries(SORTS)) $("sort").append(make("option", { value }, label));
  $("sort").value = "look";
  $("filters").addEventListener("input", soon);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("reset", () => setTimeout(() => { $("sort").value = "look"; relist(); }));
  $("more").addEventListener("click", () => { const at = drawn; draw(drawn + STEP); if ($("list").children[at]) $("list").children[at].focus(); });
  $("all-keep").addEventListener("click", markAll("keep"));
  $("all-remove").addEventListener("click", markAll("remove"));
  $("all-clear").addEventListener("click", markAll(null));
  $("clear").addEventListener("click", () => { marks.clear(); save(); refresh(); });
  $("export").addEventListener("click", () => hand("decisions.jsonl", "application/x-ndjson", decisions()));
  $("export-csv").addEventListener("click", () => hand("cases.csv", "text/csv", table()));
  load();
  $("app").hidden = false;
  tray();
  show(view);
})();
