/* How the search page reads a query and finds pages, in place of what Sphinx does: one Chinese character
   and a number are words, every word must be there, and nothing is kept in the browser. It is appended to
   Sphinx's language_data.js, which is loaded after its searchtools.js. */
const plainQuery = (query) =>
  query.normalize("NFKD").replace(/\p{M}/gu, "").replace(/([a-z])['’](?=[aoe])/gi, "$1").toLowerCase();
const isChinese = (word) => /^[\u3400-\u9fff\uf900-\ufaff]/.test(word);
const wordsOf = (query) =>
  plainQuery(query).match(/[\u3400-\u9fff\uf900-\ufaff]+|[a-z]+\d*-\d+|[\p{L}\p{N}_]+/gu) || [];
const pairs = (word) => {
  const characters = [...word];
  return isChinese(word) && characters.length > 1
    ? characters.slice(1).map((character, i) => characters[i] + character) : [word];
};
var splitQuery = (query) => wordsOf(query).flatMap(pairs);

if (typeof Search !== "undefined") {
  /* The index has Chinese by pairs of characters: a character is found in all pairs that have it. */
  const setIndex = Search.setIndex;
  Search.setIndex = (index) => {
    for (const terms of [index.terms, index.titleterms]) {
      const files = new Map();
      for (const [term, found] of Object.entries(terms)) {
        const characters = [...term];
        if (!isChinese(term) || characters.length !== 2) continue;
        for (const character of characters) {
          if (!files.has(character)) files.set(character, new Set([terms[character] ?? []].flat()));
          [found].flat().forEach((file) => files.get(character).add(file));
        }
      }
      for (const [character, found] of files) terms[character] = [...found];
    }
    setIndex(index);
  };

  Search._parseQuery = (query) => {
    const stemmer = new Stemmer();
    const words = wordsOf(query).filter((word) => !stopwords.includes(word));
    const stems = new Set(words.flatMap(pairs).map((word) => stemmer.stemWord(word)));
    // What the page that a result leads to marks: Chinese as it was written, words by their stems.
    const marks = words.map((word) => (isChinese(word) ? word : stemmer.stemWord(word)));
    document.getElementById("search-results").dataset.marks = marks.join(" ");
    return [query, stems, new Set(), new Set(words), new Set(words)];
  };

  Search.performTermsSearch = (words) => {
    const { terms, titleterms, filenames, docnames, titles } = Search._index;
    let found = null; // the files that have all words so far, with the best score of each
    for (const word of words) {
      const scores = new Map();
      const add = (table, whole, part) => {
        const exact = Object.hasOwn(table, word);
        const known = exact ? [word] : word.length > 2 ? Object.keys(table).filter((term) => term.includes(word)) : [];
        for (const file of known.flatMap((term) => table[term]))
          scores.set(file, Math.max(scores.get(file) ?? 0, exact ? whole : part));
      };
      add(terms, Scorer.term, Scorer.partialTerm);
      add(titleterms, Scorer.title, Scorer.partialTitle);
      found = new Map([...scores].filter(([file]) => !found || found.has(file))
        .map(([file, score]) => [file, Math.max(score, found?.get(file) ?? 0)]));
    }
    return [...(found ?? [])].map(([file, score]) => [docnames[file], titles[file], "", null, score, filenames[file]]);
  };
}
