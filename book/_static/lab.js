/* The coding lab: code by yourself, compare, save the sheet. Nothing is sent anywhere.
   The rules, the items and the controls stand in the page; this script makes them work. */
"use strict";

(() => {
  /* As in embedgov.js, so that the lab works without it. */
  const say = (text, values = {}) =>
    (globalThis.TEXTS?.[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  const find = (id) => document.getElementById(id);
  const taken = (text) => text.normalize("NFKC").trim().toUpperCase().replace("\ufe0f", "");
  const lab = JSON.parse(find("lab-data").textContent);
  const { codes, items } = lab;
  const blank = () => ({ codes: codes.map(() => null), confidence: "", note: "", closed: false });
  const sheet = items.map(blank);
  let at = 0; // the item on the desk
  let unsaved = false;

  const chinese = document.documentElement.lang.startsWith("zh") ? {} : { lang: "zh" };
  const finished = (row) => !row.codes.includes(null);
  const { noun, nouns } = lab;
  const plural = (n) => (n === 1 ? say("{n} {noun}", { n, noun }) : say("{n} {nouns}", { n, nouns }));
  const listed = (names) => names.join(say(", "));
  const [shown, beside] = lab.shown; // the texts of an item that are shown: in Chinese there is one

  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }
  const hidden = (text) => el("span", { class: "visually-hidden" }, text);

  /* ---- The desk ---- */

  const fields = find("card").elements;
  const radios = (code) => fields[code.code];
  const stops = [...document.querySelectorAll(".strip button")];

  function draw() {
    const row = sheet[at];
    find("which").querySelector("span").textContent = at + 1;
    find("text").textContent = items[at][shown];
    find("gist").textContent = items[at][beside] ?? "";
    find("closed").hidden = !row.closed;
    codes.forEach((code, c) => {
      for (const radio of radios(code)) {
        radio.checked = row.codes[c] !== null && radio.value === String(row.codes[c]);
        radio.disabled = row.closed;
      }
    });
    for (const radio of fields.confidence) radio.checked = radio.value === row.confidence;
    if (fields.note.value !== row.note) fields.note.value = row.note;
    find("clear").disabled = row.closed || row.codes.every((code) => code === null);
    find("back").disabled = at === 0;
    find("next").textContent = finished(row)
      ? (sheet.every(finished) && at === items.length - 1 ? say("To the comparison") : say("Next"))
      : (row.codes.every((code) => code === null) ? say("None applies, next") : say("No to the rest, next"));
    stops.forEach((stop, i) => {
      const state = sheet[i].closed ? "compared" : finished(sheet[i]) ? "coded"
        : sheet[i].codes.some((code) => code !== null) ? "begun" : "";
      const words = { compared: say(", compared"), coded: say(", coded"), begun: say(", begun") };
      stop.className = state;
      stop.querySelector(".state").textContent = words[state] ?? "";
      if (i === at) stop.setAttribute("aria-current", "step");
      else stop.removeAttribute("aria-current");
    });
    const done = sheet.filter(finished).length;
    find("count").textContent = say("{done} of {all} {nouns} coded", { done, all: items.length, nouns });
    const fresh = sheet.filter((each) => finished(each) && !each.closed).length;
    find("compare").disabled = !fresh;
    drawPaper();
    find("compare").textContent = fresh ? say("Close and compare {what}", { what: plural(fresh) })
      : done ? say("All that is coded is compared") : say("Nothing is coded yet");
  }

  /* What is printed of the own codes, which the desk shows one item at a time. */
  function drawPaper() {
    const name = find("learner").value.trim();
    find("own-title").textContent = name ? say("What was coded by {name}", { name }) : say("What was coded");
    find("own").querySelector("tbody").replaceChildren(...sheet.map((own, i) => el("tr", {},
      el("th", { scope: "row" }, `${i + 1}`), ...own.codes.map((code) => el("td", {}, `${code ?? ""}`)),
      el("td", {}, own.confidence), el("td", {}, own.note))));
  }

  function changed() {
    unsaved = true;
    remember();
    draw();
  }

  function go(to) {
    at = to;
    draw();
    find("which").focus({ preventScroll: true });
    find("which").scrollIntoView({ block: "nearest" });
    if (find("card").getBoundingClientRect().top < 0 || window.innerWidth <= 576) find("card").scrollIntoView();
  }

  find("card").addEventListener("input", ({ target }) => {
    const c = codes.findIndex((code) => code.code === target.name);
    if (c < 0) sheet[at][target.name] = target.value;
    else sheet[at].codes[c] = Number(target.value);
    changed();
  });
  find("card").addEventListener("submit", (event) => event.preventDefault());
  find("clear").addEventListener("click", () => {
    sheet[at].codes = codes.map(() => null);
    changed();
    find("which").focus();
  });
  find("back").addEventListener("click", () => go(at - 1));
  find("next").addEventListener("click", () => {
    if (!finished(sheet[at])) {
      sheet[at].codes = sheet[at].codes.map((code) => code ?? 0);
      changed();
    }
    const open = sheet.findIndex((row) => !finished(row));
    if (at < items.length - 1) go(at + 1);
    else if (open >= 0) go(open);
    else find("comparison-title").focus();
  });
  stops.forEach((stop, i) => stop.addEventListener("click", () => go(i)));

  /* ---- The comparison ---- */

  const others = ["consensus", ...lab.coders];
  const named = (who) => (who === "consensus" ? say("the consensus") : say("coder {coder}", { coder: who }));
  let other = "consensus"; // with whom the learner is compared
  const compared = () => [...items.keys()].filter((i) => sheet[i].closed);

  /* Ratings of two coders, the learner and another: of single codes (of all, or of one), and of whole sets. */
  const pairs = (who, chosen = [...codes.keys()]) =>
    compared().flatMap((i) => chosen.map((c) => [sheet[i].codes[c], items[i].codes[who][c]]));
  const asSet = (given) => codes.filter((_, c) => given[c]).map((code) => code.code);
  const sets = (who) => compared().map((i) => [asSet(sheet[i].codes), asSet(items[i].codes[who])]);
  const same = (a, b) => a.join() === b.join();

  const percent = (value) => `${Math.round(100 * value)}%`;
  const decimal = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
  function measure(value, written = decimal) {
    if (value === null) return el("td", { class: "number measure" }, el("small", {}, say("no variation")));
    const bar = el("span", {});
    bar.style.width = `${100 * Math.max(0, value)}%`;
    return el("td", { class: "number measure" }, written(value), el("span", { class: "bar" }, bar));
  }
  const measures = (units) => [measure(Agreement.agreement(units), percent), measure(Agreement.alpha(units)), measure(Agreement.ac1(units))];
  const number = (text) => el("td", { class: "number" }, String(text));
  const row = (...cells) => el("tr", {}, ...cells);
  const head = (text) => el("th", { scope: "col", class: "number" }, text);

  function table(id, caption, heads, rows) {
    return [
      el("p", { class: "table-caption", id }, caption),
      el("div", { class: "table-box", role: "region", tabindex: "0", "aria-labelledby": id },
        el("table", { "aria-labelledby": id }, el("thead", {}, row(...heads.map(head))), el("tbody", {}, ...rows))),
    ];
  }

  function summary() {
    const all = pairs(other);
    const agreed = all.filter(([a, b]) => a === b).length;
    const alike = sets(other).filter((each) => same(...each)).length;
    return el("p", {}, say("You and {other} gave the same code in {agreed} of {all} decisions ({share}), and the same set of codes to {alike} of {what}.",
      { other: named(other), agreed, all: all.length, share: percent(agreed / all.length), alike, what: plural(compared().length) }));
  }

  const STATES = { both: say("both yes"), you: say("only you"), they: say("only they"), neither: say("both no") };
  const state = (mine, their) => (mine ? (their ? "both" : "you") : their ? "they" : "neither");
  const parted = (item, c) => new Set(lab.coders.map((coder) => item.codes[coder][c])).size > 1;

  function matrix() {
    const rows = compared().map((i) => row(
      el("th", { scope: "row" }, String(i + 1)),
      ...codes.map((code, c) => {
        const how = state(sheet[i].codes[c], items[i].codes[other][c]);
        const split = parted(items[i], c);
        return el("td", { class: split ? "parted" : "" }, el("span", { class: `sign ${how}`, "aria-hidden": "true" }),
          hidden(`${STATES[how]}${split ? say(", published coders disagree") : ""}`));
      }),
    ));
    const key = el("p", { class: "key", "aria-hidden": "true" }, ...Object.entries(STATES).map(([how, text]) =>
      el("span", {}, el("span", { class: `sign ${how}` }), ` ${text} `)), el("span", {}, el("span", { class: "parted" }), ` ${say("published coders disagree")} `));
    const made = table("lab-matrix", say("What you and {other} gave, {noun} by {noun}", { other: named(other), noun }),
      [hidden(noun), ...codes.map(({ code, label }) => el("abbr", { title: label }, code))], rows);
    made[1].classList.add("matrix");
    return [made[0], key, made[1]];
  }

  function whom() {
    const line = (name, decisions, whole) => row(el("th", { scope: "row" }, name), ...measures(decisions),
      number(say("{alike} of {all}", { alike: whole.filter((each) => each.every((set) => same(set, each[0]))).length, all: whole.length })),
      measure(Agreement.masiAlpha(whole)));
    const among = compared().map((i) => lab.coders.map((who) => items[i].codes[who]));
    const rows = others.map((who) => line(say("You and {other}", { other: named(who) }), pairs(who), sets(who)));
    rows.push(line(say("{coders} among themselves", { coders: listed(lab.coders) }),
      among.flatMap((given) => codes.map((_, c) => given.map((own) => own[c]))), among.map((given) => given.map(asSet))));
    return table("lab-whom", say("With whom you agree, over all codes of {what}", { what: plural(compared().length) }),
      [say("Who"), say("Agreement"), say("Alpha"), "AC1", say("Same set"), say("Alpha of sets")], rows);
  }

  function byCode() {
    const line = (name, units) => {
      const count = (how) => units.filter(([a, b]) => state(a, b) === how).length;
      const bar = el("span", { class: "stack", "aria-hidden": "true" });
      for (const how of Object.keys(STATES).filter(count)) {
        const part = el("span", { class: how });
        part.style.flexGrow = count(how);
        bar.append(part);
      }
      return row(el("th", { scope: "row" }, name, bar), ...Object.keys(STATES).map((how) => number(count(how))), ...measures(units));
    };
    return table("lab-codes", say("Code by code: you and {other}", { other: named(other) }),
      [say("Code"), ...Object.values(STATES), say("Agreement"), say("Alpha"), "AC1"],
      [...codes.map((code, c) => line(code.label, pairs(other, [c]))), line(say("all codes"), pairs(other))]);
  }

  function differently() {
    const parts = compared().map((i) => {
      const item = items[i];
      const apart = codes.filter((_, c) => sheet[i].codes[c] !== item.codes[other][c]);
      if (!apart.length) return null;
      const points = apart.map((code) => {
        const c = codes.indexOf(code);
        const line = el("summary", {}, el("b", {}, code.label), sheet[i].codes[c] ? say(": you yes") : say(": you no"));
        for (const value of [1, 0]) {
          const those = lab.coders.filter((who) => item.codes[who][c] === value);
          const terms = new Set(those.map((who) => item.terms[who]?.[c]).filter(Boolean));
          if (those.length) line.append(value ? say("; {coders} yes", { coders: listed(those) }) : say("; {coders} no", { coders: listed(those) }));
          if (terms.size) line.append(say(" ("), el("span", chinese, [...terms].join("、")), say(")"));
        }
        line.append(hidden(say(", the rule")));
        const rule = radios(code)[0].closest("fieldset").querySelector("details").cloneNode(true);
        rule.open = false;
        rule.querySelector("summary").replaceWith(line);
        return el("li", {}, rule);
      });
      const between = say("; ");
      const sure = [say("you were hardly sure"), say("you were fairly sure"), say("you were very sure")];
      const own = [sheet[i].confidence && sure[sheet[i].confidence - 1], sheet[i].note].filter(Boolean);
      return el("li", { value: i + 1 }, el("p", { class: "text" }, item[shown]), el("ul", {}, ...points),
        el("p", { class: "note" }, own.length ? say("Your note: {note}. ", { note: own.join(between) }) : "",
          el("a", { href: item.address }, say("{row}, with the place and all its codes", { row: item.row }))));
    }).filter(Boolean);
    const title = el("h3", {}, say("Read differently: {what}", { what: plural(parts.length) }));
    return parts.length ? [title, el("ol", { class: "apart" }, ...parts)] : [title, el("p", {}, say("You and {other} gave every code alike.", { other: named(other) }))];
  }

  function choice() {
    const box = el("fieldset", { class: "whom" }, el("legend", {}, say("Compare with")));
    const made = others.map((who) => {
      const radio = el("input", { type: "radio", name: "other", value: who });
      radio.checked = who === other;
      radio.addEventListener("change", () => { other = who; drawResults(); find("against").querySelector(":checked").focus(); });
      return el("label", {}, radio, el("span", {}, who === "consensus" ? say("consensus") : who));
    });
    box.append(el("span", { class: "choice" }, ...made));
    return box;
  }

  function drawResults() {
    find("results").hidden = !compared().length;
    if (!compared().length) return;
    find("with-whom").replaceChildren(...whom());
    find("against").replaceChildren(choice(), summary(), ...matrix(), ...byCode(), ...differently());
  }

  find("compare").addEventListener("click", () => {
    for (const each of sheet) if (finished(each)) each.closed = true;
    changed();
    drawResults();
    find("comparison-title").focus();
  });

  /* ---- The sheet: saved, opened, kept ---- */

  const quoted = (cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

  /* What begins like a formula gets an apostrophe, so that no spreadsheet takes it for one. */
  const guarded = (text) => text.trim().replace(/^['=+\-@]/, "'$&");
  const unguarded = (text) => text.replace(/^'(?=['=+\-@])/, "");

  /* The sheet of embedgov teach sheet, filled in. */
  function written() {
    const lines = items.map((item, i) => {
      const { confidence, note } = sheet[i];
      const cells = { ...item, confidence, note: guarded(note), learner: i ? "" : guarded(find("learner").value), set: lab.set,
        compared: sheet[i].closed ? "yes" : "no" };
      codes.forEach((code, c) => { cells[code.code] = String(sheet[i].codes[c] ?? ""); });
      return lab.columns.map((column) => cells[column]);
    });
    return [lab.columns, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
  }

  find("save").addEventListener("click", () => {
    const name = find("learner").value.trim().replace(/[^\p{L}\p{N}]+/gu, "-");
    const file = [lab.set, name].filter(Boolean).join("-") + ".csv";
    const address = URL.createObjectURL(new Blob(["\ufeff", written()], { type: "text/csv" }));
    el("a", { href: address, download: file }).click();
    URL.revokeObjectURL(address);
    unsaved = false;
    tell(say("Saved as {file}.", { file }));
  });

  /* The rows of a CSV file that are not empty, each with its number.
     The delimiter is that which the header has most of. */
  function parsed(text) {
    const heads = text.split(/\r?\n|\r/, 10);
    const first = heads.find((line) => /\bitem\b/i.test(line)) ?? heads[0];
    const many = (mark) => first.split(mark).length;
    const mark = [",", ";", "\t"].reduce((best, each) => (many(each) > many(best) ? each : best));
    const lines = [[]];
    let cell = "", inside = false;
    const end = () => { lines.at(-1).push(cell); cell = ""; };
    for (let i = 0; i < text.length; i += 1) {
      const c = text[i];
      if (inside) {
        if (c !== '"') cell += c;
        else if (text[i + 1] === '"') { cell += c; i += 1; }
        else inside = false;
      } else if (c === '"' && cell === "") inside = true;
      else if (c === mark) end();
      else if (c === "\n" || c === "\r") {
        if (c === "\r" && text[i + 1] === "\n") i += 1;
        end();
        lines.push([]);
      } else cell += c;
    }
    if (inside) throw new Error(say("a quotation mark is not closed; save the sheet again as CSV"));
    end();
    return lines.map((line, n) => ({ line, row: n + 1 })).filter(({ line }) => line.some((each) => each.trim()));
  }

  /* What a sheet holds, item by item; an error says what is wrong with it, and where. */
  function read(text) {
    const lines = parsed(text.replace(/^\ufeff/, "").replace(/^sep=.[\r\n]+/, ""));
    const names = ({ line }) => line.map((cell) => taken(cell).toLowerCase());
    const start = Math.max(0, lines.findIndex((each) => names(each).includes("item"))); // below a title
    const [header, ...rows] = lines.slice(start);
    const columns = (header ? names(header) : []).map((cell) => codes.find(({ code }) => code.toLowerCase() === cell)?.code ?? cell);
    for (const column of ["item", ...codes.map((code) => code.code)]) {
      const times = columns.filter((each) => each === column).length;
      if (times !== 1) throw new Error(say("it has the column {column} {times} times; open a sheet that was saved here or made by embedgov teach sheet", { column, times }));
    }
    const found = new Map(), nothing = say("(empty)");
    let learner = "";
    for (const { line, row } of rows) {
      while (line.length > columns.length && !line.at(-1).trim()) line.pop();
      while (line.length < columns.length) line.push("");
      if (line.length !== columns.length) throw new Error(say("row {row} has {n} cells, the first row {first}; save the sheet again as CSV", { row, n: line.length, first: columns.length }));
      const cell = (column) => (line[columns.indexOf(column)] ?? "").trim();
      const id = cell("item").toUpperCase();
      if (!id && codes.every(({ code }) => !cell(code))) continue; // a remark below the table
      if (!items.some(({ item }) => item === id)) throw new Error(say("row {row}: the item {id} is not in the set {set}", { row, id: id || nothing, set: lab.set }));
      if (found.has(id)) throw new Error(say("row {row}: the item {id} occurs twice; keep one of the two rows", { row, id }));
      const given = codes.map(({ code }) => {
        const value = decision(cell(code));
        if (value === undefined) throw new Error(say("row {row}, column {code}: {value} is no code; write 1, 0 or nothing", { row, code, value: cell(code) }));
        return value;
      });
      const confidence = whole(cell("confidence"));
      if (!["", "1", "2", "3"].includes(confidence)) throw new Error(say("row {row}, column confidence: {value}; write 1, 2, 3 or nothing", { row, value: cell("confidence") }));
      learner ||= unguarded(cell("learner"));
      const closed = decision(cell("compared")) === 1 && !given.includes(null);
      found.set(id, { ...blank(), codes: given, confidence, note: unguarded(cell("note")), closed });
    }
    return { learner, rows: items.map(({ item }) => found.get(item) ?? blank()) };
  }

  /* A number as spreadsheets write it: 1.0 and 1,0 are 1. */
  const whole = (cell) => taken(cell).replace(/^(\d)[.,]0+$/, "$1");

  /* Yes is 1, no is 0, nothing is null; all else is undefined. The words are those of embedgov teach score. */
  function decision(cell) {
    const word = whole(cell);
    if (word === "") return null;
    if (word === "1" || lab.yes.includes(word)) return 1;
    return word === "0" || lab.no.includes(word) ? 0 : undefined;
  }

  /* The text of a file, by its mark or, without one, the first encoding in which it is text and makes sense. */
  function decoded(content) {
    const bytes = new Uint8Array(content);
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
      throw new Error(say("it is a workbook, which only a spreadsheet program opens; save it there as CSV UTF-8 and open that"));
    }
    const known = (text) => items.some((item) => text.includes(item.text_zh));
    const half = (odd) => bytes.filter((byte, i) => i < 200 && i % 2 === odd && byte === 0).length;
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be"
      : half(0) + half(1) ? (half(1) >= half(0) ? "utf-16le" : "utf-16be") : "";
    for (const encoding of wide ? [wide] : ["utf-8", "gb18030"]) {
      try {
        const text = new TextDecoder(encoding, { fatal: true }).decode(content);
        if (encoding !== "gb18030" || known(text)) return text;
      } catch { /* the next one */ }
    }
    throw new Error(say("it is no text that can be read here; save it as CSV UTF-8"));
  }

  const tell = (text) => { find("told").textContent = text; };

  find("open").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      const { learner, rows } = read(decoded(await file.arrayBuffer()));
      if (unsaved && !window.confirm(say("Your codes on this page are not saved. Put those of the sheet in their place?"))) return;
      put(rows);
      find("learner").value = learner;
      changed();
      drawResults();
      unsaved = false;
      tell(say("Opened {file}: {done} of {all} {nouns} are coded.", { file: file.name, done: sheet.filter(finished).length, all: items.length, nouns }));
    } catch (error) {
      tell(say("{file} was not opened, and nothing is changed: {reason}.", { file: file.name, reason: error.message }));
    } finally {
      event.target.value = "";
    }
  });

  function put(rows) {
    rows.forEach((row, i) => { sheet[i] = row; });
    at = Math.max(0, sheet.findIndex((row) => !finished(row)));
  }

  const place = `embedgov-lab-${lab.set}`;

  const KEPT = { learner: "", items: items.map(({ item }) => item), sheet };
  const now = () => JSON.stringify({ ...KEPT, learner: find("learner").value });
  let seen = null; // what the browser kept when this tab last read or wrote it

  /* The tab keeps the codes as long as it is open; the browser does so beyond if the box is ticked.
     A browser may forbid to keep anything; then nothing is kept, and the page says so.
     What another tab has put there meanwhile is not written over: the learner chooses. */
  function remember() {
    try { sessionStorage.setItem(place, now()); } catch { /* then leaving the page asks */ }
    if (!find("keep").checked) return;
    try {
      const there = localStorage.getItem(place);
      if (there !== null && there !== seen && there !== now()) choose(there);
      else {
        localStorage.setItem(place, now());
        seen = now();
        find("two-tabs").hidden = true;
      }
    } catch {
      find("keep").checked = false;
      tell(say("This browser does not let the page keep anything; save the sheet instead."));
    }
  }

  const restored = (text) => {
    const kept = JSON.parse(text);
    return kept?.items.join() === KEPT.items.join() ? kept : null;
  };

  function take(text) {
    const kept = restored(text);
    if (!kept) return false;
    put(kept.sheet);
    find("learner").value = kept.learner;
    return true;
  }

  function choose(there) {
    const kept = restored(there);
    if (!kept) return;
    const done = (rows) => rows.filter(finished).length;
    find("two-tabs").querySelector("span").textContent = say(
      "This browser keeps other codes of this set, from another tab: {there} coded there, {here} here. Nothing is written over until you choose.",
      { there: plural(done(kept.sheet)), here: done(sheet) },
    );
    find("two-tabs").hidden = false;
  }

  find("take").addEventListener("click", () => {
    seen = localStorage.getItem(place);
    if (seen !== null) take(seen);
    find("two-tabs").hidden = true;
    changed();
    drawResults();
    find("which").focus();
  });
  find("stay").addEventListener("click", () => {
    seen = localStorage.getItem(place);
    remember();
    find("which").focus();
  });

  /* Another tab wrote: a tab that shows what was kept before follows it, one with codes of its own asks. */
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== place || !find("keep").checked) return;
    if (newValue === null) {
      find("keep").checked = false;
      seen = null;
      tell(say("Another tab stopped keeping these codes; they stay in this tab only."));
    } else if (now() === seen) {
      seen = newValue;
      const where = at;
      if (take(newValue) && !finished(sheet[where])) at = where;
      remember(); // so that this tab, opened again, has no codes of its own
      draw();
      drawResults();
      tell(say("Codes that you gave in another tab are taken over."));
    } else choose(newValue);
  });

  function recall() {
    try { unsaved = take(sessionStorage.getItem(place)); } catch { /* nothing is kept in the tab */ }
    try {
      const there = localStorage.getItem(place);
      if (there === null) return;
      find("keep").checked = true;
      if (unsaved && there !== now()) choose(there);
      else if (take(there)) seen = there;
      else find("keep").checked = false;
    } catch { /* nothing is kept */ }
  }

  find("keep").addEventListener("change", () => {
    try {
      if (!find("keep").checked && localStorage.getItem(place) === seen) localStorage.removeItem(place);
      if (!find("keep").checked) { seen = null; find("two-tabs").hidden = true; }
    } catch { /* nothing was kept */ }
    remember();
  });
  find("learner").addEventListener("input", changed);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !find("keep").checked) event.preventDefault();
  });

  recall();
  for (const id of ["steps", "desk", "own", "comparison"]) find(id).hidden = false;
  find("items").classList.add("on-paper"); // the desk shows them on the screen
  draw();
  drawResults();
})();
