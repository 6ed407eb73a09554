/* What the pages can do beyond being read: tables that sort and filter, notes on hover and focus.
   Without this script every table and every note is still there to read. */
"use strict";

/* A text in the language of the site, with values in its places; another language than English is in texts.js. */
const say = (text, values = {}) =>
  (globalThis.TEXTS?.[text] ?? text).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

const FILTERED = 12; // rows beyond which a table can be filtered
const SORTED = 3; // rows beyond which it can be sorted

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/* What a cell is sorted by: nothing, a number, or text; a date is text or, in words, a number. */
const MISSING = new Set(["", "-", "–", "—", "…", "?", "n/a", "NA", "none", "not stated", "无", "未说明"]);
const NUMBER = /^([<>≤≥≈~]?)\s*([-+−]?)((?:\d{1,3}(?:[,\u2009\u202f]\d{3})+|\d+)(?:\.\d+)?)(?![\d.,]*[-/+\p{L}\d])/u;
const DAY = /^(?:(\d{1,2}) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\d{4})\b/;
const DATED = /^(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HAN = /^[\u3400-\u9fff]/;

function sortKey(cell) {
  const text = cell.trim().normalize("NFKC").replace(/^[“"(（]+/, "");
  if (MISSING.has(cell.trim())) return { kind: 2, text };
  const day = DAY.exec(text);
  if (day) return { kind: 0, number: day[3] * 400 + MONTHS.indexOf(day[2]) * 32 + Number(day[1] ?? 0), text };
  const dated = DATED.exec(text);
  if (dated) return { kind: 0, number: dated[1] * 400 + (dated[2] - 1) * 32 + Number(dated[3] ?? 0), text };
  const number = NUMBER.exec(text);
  if (!number) return { kind: 1, text };
  const sign = { "-": -1, "−": -1 }[number[2]] ?? 1;
  const beside = { "<": -1, ">": 1 }[number[1]] ?? 0; // less than one per cent comes before one per cent
  return { kind: 0, number: sign * parseFloat(number[3].replace(/[,\u2009\u202f]/g, "")), beside, text };
}

const LETTERS = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const PINYIN = new Intl.Collator("zh-Hans-u-co-pinyin", { numeric: true });

function ordered(a, b) {
  if (a.kind !== b.kind) return a.kind - b.kind; // numbers before words
  if (a.kind === 0 && a.number !== b.number) return a.number - b.number;
  if (a.kind === 0 && a.beside !== b.beside) return a.beside - b.beside;
  const [x, y] = [HAN.test(a.text), HAN.test(b.text)];
  return x && y ? PINYIN.compare(a.text, b.text) : x !== y ? x - y : LETTERS.compare(a.text, b.text);
}

function sortable(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[head.ariaSort || "none"];
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      if (next !== "none") head.ariaSort = next;
      const sign = next === "descending" ? -1 : 1;
      const keys = new Map(rows.map((row) => [row, sortKey(row.cells[column].textContent)]));
      const compare = (a, b) => {
        const [x, y] = [keys.get(a), keys.get(b)];
        if (x.kind === 2 || y.kind === 2) return x.kind - y.kind; // empty cells come last either way
        return sign * ordered(x, y);
      };
      body.append(...(next === "none" ? rows : [...rows].sort(compare)));
    });
  }
}

function filterable(box, table) {
  const rows = [...table.tBodies[0].rows];
  const label = document.createElement("label");
  label.className = "table-filter";
  label.append(say("Filter the rows"), " ");
  const input = document.createElement("input");
  input.type = "search";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  label.append(input, " ");
  box.before(label);
  label.after(count);
  count.className = "table-count";
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = plain(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? say("{shown} of {all} rows", { shown, all: rows.length }) : "";
  });
}

/* A text as nodes, its Chinese marked as such for whoever listens. */
function withLanguage(text) {
  if (document.documentElement.lang.startsWith("zh")) return [document.createTextNode(text)];
  return text.split(/([\u3400-\u9fff\uf900-\ufaff]+)/).filter(Boolean).map((part) => {
    if (!HAN.test(part)) return document.createTextNode(part);
    const span = document.createElement("span");
    span.lang = "zh";
    span.append(part);
    return span;
  });
}

/* The title of a link (a glossary term, a reference) becomes a note that opens on focus, too. */
function noted(link, index) {
  const note = document.createElement("span");
  note.className = "note-box";
  note.setAttribute("role", "tooltip");
  note.id = `note-${index}`;
  note.append(...withLanguage(link.title));
  note.hidden = true;
  link.removeAttribute("title");
  link.setAttribute("aria-describedby", note.id);
  document.querySelector("article").append(note);
  const show = () => {
    note.hidden = false;
    const at = link.getClientRects()[0];
    const article = note.offsetParent.getBoundingClientRect();
    const left = Math.min(at.left - article.left, article.width - note.offsetWidth);
    note.style.left = `${Math.max(0, left)}px`;
    note.style.top = `${link.getBoundingClientRect().bottom - article.top + 4}px`;
  };
  const hide = () => { note.hidden = true; };
  let leaving;
  const linger = () => { leaving = setTimeout(hide, 200); }; // the pointer may move onto the note
  const stay = () => clearTimeout(leaving);
  link.addEventListener("mouseenter", () => { stay(); show(); });
  link.addEventListener("mouseleave", linger);
  note.addEventListener("mouseenter", stay);
  note.addEventListener("mouseleave", linger);
  link.addEventListener("focus", show);
  link.addEventListener("blur", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}

/* The header of a tall table stays at its top: rows that are linked to begin below it. */
function headed(box, table) {
  const measure = () => box.style.setProperty("--eg-head", `${table.tHead.offsetHeight}px`);
  measure();
  new ResizeObserver(measure).observe(table.tHead);
}

/* Whatever hides the place that an address points into is opened. */
function reveal() {
  const target = document.getElementById(decoded(location.hash.slice(1)));
  if (!target) return;
  for (let around = target; around; around = around.parentElement) {
    if (around.matches("details:not([open])")) around.open = true;
    if (around.matches(".toggle-hidden")) around.querySelector(".toggle-button")?.click();
    if (around.matches("tr[hidden]")) around.hidden = false;
  }
  target.scrollIntoView();
}

/* The words of a search are marked on the page that it leads to, by the address alone: Chinese as it was
   written, English words by their stems, pinyin with or without its tones. Escape takes the marks away. */
function marked(words) {
  const plainly = (character) => character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().slice(0, 1) || " ";
  const pattern = new RegExp(words.map((word) => {
    const safe = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return HAN.test(word) ? safe : `(?<![\\p{L}\\p{N}])${safe}${/\d$/.test(word) ? "(?![\\p{L}\\p{N}])" : "\\p{L}*"}`;
  }).join("|"), "gu");
  const walker = document.createTreeWalker(document.querySelector("article") ?? document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("script, style, svg, button, [role=tooltip]")) texts.push(walker.currentNode);
  }
  for (const text of texts) {
    const places = [...[...text.data].map(plainly).join("").matchAll(pattern)];
    if (text.data.length !== [...text.data].length) continue; // signs beyond the basic plane: none here
    for (const { index, 0: { length } } of places.reverse()) {
      const mark = document.createElement("mark");
      mark.className = "highlighted";
      text.splitText(index).splitText(length);
      mark.append(text.nextSibling.data);
      text.nextSibling.replaceWith(mark);
    }
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const mark of document.querySelectorAll("mark.highlighted")) mark.replaceWith(...mark.childNodes);
  });
}

/* A result of a search hands on in its address what is to be marked. */
function handOn(results) {
  const add = () => {
    for (const link of results.querySelectorAll("li > a:not([href*='?'])")) {
      const address = new URL(link.href);
      address.search = new URLSearchParams({ highlight: results.dataset.marks ?? "" });
      link.href = address;
    }
  };
  new MutationObserver(add).observe(results, { childList: true, subtree: true });
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/* On paper the citation of a page is open. */
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.cite-this:not([open])")) {
    details.open = true;
    window.addEventListener("afterprint", () => { details.open = false; }, { once: true });
  }
});

window.addEventListener("hashchange", reveal);
window.addEventListener("load", () => {
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") reveal(); // else the place is kept
});

document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".table-box")) {
    const table = box.querySelector("table");
    const size = table.tBodies[0].rows.length;
    if (size > SORTED) sortable(table);
    if (size > FILTERED) filterable(box, table);
    if (box.matches(".tall")) headed(box, table);
  }
  const words = (new URLSearchParams(location.search).get("highlight") ?? "").toLowerCase().match(/[^\s]+/g);
  if (words) marked(words);
  const results = document.getElementById("search-results");
  if (results) handOn(results);
  document.querySelectorAll("article a[title]").forEach(noted);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
});

// Where no Chinese font is installed, ours comes late, and a browser may go on showing boxes for
// what it drew before: another way of drawing makes it draw the text again.
document.fonts.load("1em 'Book Chinese'", "社").then(() => {
  document.documentElement.classList.add("eg-chinese");
});

// The link to the other edition leads to the same place of the page.
for (const link of document.querySelectorAll("a.edition-switch")) {
  link.addEventListener("click", () => { link.hash = location.hash; });
}
