// Search: a chapter that explains a word comes before the lists in which it stands.
var Scorer = {
  score([docname, , , , score]) {
    if (/\/(\d\d_|mnist|refresher)/.test(docname)) return score + 20;
    return /\/(ledger|glossary|errata|article|references)/.test(docname) ? score - 20 : score;
  },
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
