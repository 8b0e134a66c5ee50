// Read calendars with the npm package `ical.js`, as a second opinion on what the library writes.
//
//     node oracle.mjs FOLDER/node_modules < asked.json > answered.json
//
// asked: [text]. answered, in the same order: for each event without RECURRENCE-ID its values; times in UTC by way of
// the calendar's own VTIMEZONE, or as they are where they float.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/`);
const icalModule = require("ical.js");
const ICAL = icalModule.default ?? icalModule;

function shown(time) {
  if (time.isDate || time.zone === ICAL.Timezone.localTimezone) return time.toString();
  return `${time.convertToZone(ICAL.Timezone.utcTimezone).toString()}`;
}

function values(event) {
  const all = (name) => event.getAllProperties(name);
  const first = (name) => event.getFirstPropertyValue(name) ?? "";
  const next = event.getFirstPropertyValue("rrule")?.iterator(event.getFirstPropertyValue("dtstart"));
  return {
    uid: first("uid"),
    summary: first("summary"),
    text: first("description"),
    place: first("location"),
    categories: all("categories").flatMap((one) => one.getValues()),
    guests: all("attendee").map((one) => [one.getFirstValue(), one.getParameter("cn") ?? ""]),
    start: shown(first("dtstart")),
    cancelled: all("exdate").flatMap((one) => one.getValues().map(shown)),
    rule: next ? [next.next(), next.next()].filter(Boolean).map(shown) : [],
  };
}

const answered = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(zone));
  const events = calendar.getAllSubcomponents("vevent").filter((event) => !event.getFirstProperty("recurrence-id"));
  return events.map(values);
});
process.stdout.write(JSON.stringify(answered));
