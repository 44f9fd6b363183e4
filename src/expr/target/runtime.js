// What printed conditions call. Numbers are whole units (1.50 with two decimals is 150), as Number or BigInt alike;
// null is a blank, undefined something unreadable or absent.
const $ = {
  abs: (x) => (x < 0 ? -x : x),
  one: (x) => (typeof x === "bigint" ? 1n : 1),
  // The whole quotient of sizes and whether a rest is left decide; the sign is that of the quotient.
  settle(a, b, outward) {
    const x = $.abs(a), y = $.abs(b), rest = x % y, whole = (x - rest) / y;
    const negative = a < 0 !== b < 0;
    const size = outward(rest, y, negative) ? whole + $.one(whole) : whole;
    return negative ? -size : size;
  },
  halfUp: (a, b) => $.settle(a, b, (rest, y) => rest >= y - rest),
  up: (a, b) => $.settle(a, b, (rest) => rest > 0),
  down: (a, b) => $.settle(a, b, () => false),
  floor: (a, b) => $.settle(a, b, (rest, _, negative) => negative && rest > 0),
  ceil: (a, b) => $.settle(a, b, (rest, _, negative) => !negative && rest > 0),
  mod(a, b) {
    const rest = a % b;
    return rest != 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  filled: (xs) => xs.filter((x) => x != null),
  sum: (xs) => $.filled(xs).reduce((a, b) => a + b),
  count: (xs) => $.filled(xs).length,
  min: (xs) => $.filled(xs).reduce((a, b) => (b < a ? b : a)),
  max: (xs) => $.filled(xs).reduce((a, b) => (b > a ? b : a)),
  distinct: (xs) => new Set($.filled(xs).map((x) => (Array.isArray(x) ? x.join() : x))).size,
  unique: (xs) => $.distinct(xs) === $.count(xs),
  same: (a, b) => a.join() === b.join(),
  tally: (conditions) => conditions.filter((c) => c).length,
  // Dates are ISO text: 2015-06-30, 2015-06, 2015.
  ymd(date) {
    const [y, m, d] = date.split("-").map(Number);
    return [y, m ?? 1, d ?? 1];
  },
  dayNumber(date) {
    const [y, m, d] = $.ymd(date);
    const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
    const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][m - 1] + (leap && m > 2 ? 1 : 0);
    const years = y - 1;
    return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) + before + d;
  },
  days: (a, b) => $.dayNumber(a) - $.dayNumber(b),
  months(a, b) {
    const [y1, m1, d1] = $.ymd(a), [y2, m2, d2] = $.ymd(b);
    const whole = (y1 - y2) * 12 + m1 - m2;
    return whole > 0 && d1 < d2 ? whole - 1 : whole < 0 && d1 > d2 ? whole + 1 : whole;
  },
  year: (date) => $.ymd(date)[0],
  month: (date) => $.ymd(date)[1],
  day: (date) => $.ymd(date)[2],
  // Text as a number of six decimals, in units: at most 15 digits.
  reads: (text) => /^[-+]?(?:[0-9]{1,9}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})$/.test(text.trim()),
  number(text) {
    const [, sign, whole, part] = /^([-+]?)([0-9]*)\.?([0-9]*)$/.exec(text.trim());
    const units = Number(whole + part.padEnd(6, "0"));
    return sign === "-" ? -units : units;
  },
};
