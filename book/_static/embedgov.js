/* What the pages can do beyond being read: tables that sort and filter, notes on hover and focus.
   Without this script every table and every note is still there to read. */
"use strict";

const FILTERED = 12; // rows beyond which a table can be filtered
const SORTED = 3; // rows beyond which it can be sorted

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function sortable(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const order = new Intl.Collator(["en", "zh-Hans"], { numeric: true, sensitivity: "base" });
  const number = (text) => (/^[-+−]?[\d.,]+ ?%?$/.test(text) ? parseFloat(text.replace("−", "-").replace(",", "")) : NaN);
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[head.ariaSort || "none"];
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      if (next !== "none") head.ariaSort = next;
      const text = (row) => row.cells[column].textContent.trim();
      const sign = next === "descending" ? -1 : 1;
      const compare = (a, b) => {
        const [x, y] = [text(a), text(b)];
        if (!x || !y) return (x ? 0 : 1) - (y ? 0 : 1); // empty cells come last either way
        const [n, m] = [number(x), number(y)];
        return sign * (Number.isNaN(n) || Number.isNaN(m) ? order.compare(x, y) : n - m);
      };
      body.append(...(next === "none" ? rows : rows.toSorted ? rows.toSorted(compare) : [...rows].sort(compare)));
    });
  }
}

function filterable(box, table) {
  const rows = [...table.tBodies[0].rows];
  const label = document.createElement("label");
  label.className = "table-filter";
  label.append("Filter the rows ");
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
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
  });
}

/* The title of a link (a glossary term, a reference) becomes a note that opens on focus, too. */
function noted(link, index) {
  const note = document.createElement("span");
  note.className = "note-box";
  note.setAttribute("role", "tooltip");
  note.id = `note-${index}`;
  note.textContent = link.title;
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

document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".table-box")) {
    const table = box.querySelector("table");
    const size = table.tBodies[0].rows.length;
    if (size > SORTED) sortable(table);
    if (size > FILTERED) filterable(box, table);
  }
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
