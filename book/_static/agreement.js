/* Coefficients of agreement for the coding lab: those of embedgov.agreement, tested against them.
   Ratings are a list of units; a unit is the list of its coders' codes, null where a coder did not decide.
   A result is null where it is undefined: nothing can be compared, or the codes do not vary. */
"use strict";

const Agreement = (() => {
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const given = (ratings) => ratings.map((unit) => unit.filter((code) => code !== null));
  const comparable = (ratings) => given(ratings).filter((codes) => codes.length > 1);
  const nominal = (a, b) => (a === b ? 0 : 1);
  /* The differences between codes, over all ordered pairs. */
  const differences = (codes, distance) => sum(codes.flatMap((a) => codes.map((b) => distance(a, b))));

  /* The MASI distance of two sets of codes, as lists; two empty sets are equal. */
  function masi(a, b) {
    const common = a.filter((code) => b.includes(code)).length;
    const union = a.length + b.length - common;
    if (common === union) return 0;
    return 1 - (common / union) * (common === Math.min(a.length, b.length) ? 2 / 3 : 1 / 3);
  }

  /* Percent agreement: the share of pairs of coders who agree, averaged over units. */
  function agreement(ratings) {
    const units = comparable(ratings);
    const shares = units.map((codes) => differences(codes, nominal) / (codes.length * (codes.length - 1)));
    return units.length ? 1 - sum(shares) / units.length : null;
  }

  /* Krippendorff's alpha. */
  function alpha(ratings, distance = nominal) {
    const units = comparable(ratings);
    const all = units.flat();
    const observed = sum(units.map((codes) => differences(codes, distance) / (codes.length - 1)));
    const expected = differences(all, distance);
    return expected ? 1 - ((all.length - 1) * observed) / expected : null;
  }

  /* The same of sets of codes (lists), with the MASI distance. */
  const masiAlpha = (ratings) => alpha(ratings, masi);

  /* Gwet's AC1; a unit with one code counts for prevalence, not for the observed agreement. */
  function ac1(ratings) {
    const units = given(ratings).filter((codes) => codes.length);
    const values = [...new Set(units.flat())];
    const observed = agreement(ratings);
    if (observed === null || values.length < 2) return null;
    const share = (value) => sum(units.map((codes) => codes.filter((code) => code === value).length / codes.length)) / units.length;
    const chance = sum(values.map(share).map((p) => p * (1 - p))) / (values.length - 1);
    return 1 - (1 - observed) / (1 - chance);
  }

  return { agreement, alpha, masiAlpha, ac1 };
})();
