// Expand rules with the npm packages `rrule` and `ical.js`, as a second opinion on the library's own expansion.
// Standard input: JSON [{"rule", "start", "end"}], times as 20260101T090000. Standard output: JSON of the same length,
// [{"rrule": [times] or null, "ical": [times] or null}]; null where the package refuses the rule.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/`);
const { rrulestr } = require("rrule");
const ICAL = require("ical.js").default ?? require("ical.js");

const MOST = 4000;
const STEPS = 20000;

function compact(date) {
  return date.toISOString().replace(/[-:]/g, "").slice(0, 15);
}

function utc(text) {
  const [, y, mo, d, h, mi, s] = text.match(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/).map(Number);
  return new Date(Date.UTC(y, mo - 1, d, h, mi, s));
}

function withRrule({ rule, start, end }) {
  const found = rrulestr(rule, { dtstart: utc(start) }).between(utc(start), new Date(utc(end) - 1000), true);
  return found.slice(0, MOST).map(compact);
}

function withIcal({ rule, start, end }) {
  const iso = start.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, "$1-$2-$3T$4:$5:$6");
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateTimeString(iso));
  const found = [];
  for (let step = 0; step < STEPS; step += 1) {
    const next = iterator.next();
    if (!next) return found;
    const shown = next.toICALString();
    if (shown >= end) return found;
    found.push(shown);
  }
  throw new Error("too many");
}

function attempt(expand, asked) {
  try {
    return expand(asked);
  } catch {
    return null;
  }
}

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = asked.map((one) => ({ rrule: attempt(withRrule, one), ical: attempt(withIcal, one) }));
process.stdout.write(JSON.stringify(answers));
