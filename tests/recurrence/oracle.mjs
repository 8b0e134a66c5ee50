// Expand rules with the npm packages `rrule` and `ical.js`, as second opinions on the library's own expansion.
//
//     node oracle.mjs FOLDER/node_modules < asked.json > answered.json
//
// asked: [{"rule", "start", "end"}], times as 20260101T090000. answered: [{"rrule", "ical"}] in the same order, each the
// times before the end, "refused" where the package throws, or "endless" where it does not come back.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

const PATIENCE = 2000; // milliseconds for one rule
const COMPACT = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/;

function withRrule({ rrulestr }, { rule, start, end }) {
  const utc = (text) => new Date(text.replace(COMPACT, "$1-$2-$3T$4:$5:$6Z"));
  const found = rrulestr(rule, { dtstart: utc(start) }).between(utc(start), new Date(utc(end) - 1000), true);
  return found.map((date) => date.toISOString().replace(/[-:]/g, "").slice(0, 15));
}

function withIcal(ICAL, { rule, start, end }) {
  const first = ICAL.Time.fromDateTimeString(start.replace(COMPACT, "$1-$2-$3T$4:$5:$6"));
  const iterator = ICAL.Recur.fromString(rule).iterator(first);
  const found = [];
  for (let next = iterator.next(); next && next.toICALString() < end; next = iterator.next()) {
    found.push(next.toICALString());
  }
  return found;
}

function work() {
  const require = createRequire(`${workerData}/`);
  const icalModule = require("ical.js");
  const packages = { rrule: require("rrule"), ical: icalModule.default ?? icalModule };
  const expanders = { rrule: withRrule, ical: withIcal };
  parentPort.on("message", ({ name, asked }) => {
    try {
      parentPort.postMessage(expanders[name](packages[name], asked));
    } catch {
      parentPort.postMessage("refused");
    }
  });
}

function ask(worker, message) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("endless"), PATIENCE);
    worker.once("message", (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    worker.postMessage(message);
  });
}

async function main() {
  const hire = () => new Worker(fileURLToPath(import.meta.url), { workerData: process.argv[2] });
  let worker = hire();
  const answered = [];
  for (const asked of JSON.parse(readFileSync(0, "utf8"))) {
    const answer = {};
    for (const name of ["rrule", "ical"]) {
      answer[name] = await ask(worker, { name, asked });
      if (answer[name] === "endless") {
        await worker.terminate();
        worker = hire();
      }
    }
    answered.push(answer);
  }
  await worker.terminate();
  process.stdout.write(JSON.stringify(answered));
}

if (isMainThread) {
  await main();
} else {
  work();
}
