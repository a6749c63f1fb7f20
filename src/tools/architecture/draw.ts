// npm run draw: draws the layers and folders of src and their imports as text, generated from the import lines, and
// writes it between the markers of docs/architecture.md.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf, PRODUCT, SRC } from "./imports.ts";

const PAGE = join(SRC, "../docs/architecture.md");
const [BEGIN, END] = ["<!-- drawn: begin -->", "<!-- drawn: end -->"];

/** Innermost first; imports point inward. */
const RINGS: readonly (readonly [title: string, rooms: RegExp])[] = [
  ["decides", /^domain\//],
  ["application", /^(intake|reconcile)$/],
  ["outside", /^adapters\//],
  ["put together", /^(settings|chart-tools|server|cli|[\w-]+\.ts)$/],
];

/** The drawing of the current code, ready for the page. */
export function drawing(): string {
  const arrows = arrowsBetweenRooms();
  const rooms = [...new Set([...arrows].flatMap(([from, targets]) => [from, ...targets]))].sort();
  const rings = RINGS.map(([title, pattern]) =>
    ring(
      title,
      rooms.filter((room) => pattern.test(room)),
      arrows,
    ),
  );
  return `${BEGIN}\n\`\`\`text\n${rings.join("\n        ▲\n")}\n\`\`\`\n${END}`;
}

function ring(
  title: string,
  rooms: readonly string[],
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const width = Math.max(...rooms.map(({ length }) => length));
  const lines = rooms.map((room) => {
    const targets = [...(arrows.get(room) ?? [])].sort().map((target) => target.replace(/^domain\//, ""));
    return `│ ${room.padEnd(width)}${targets.length === 0 ? "" : `  → ${targets.join(", ")}`}`;
  });
  return [`┌─ ${title}`, ...lines, "└─"].join("\n");
}

/** For each folder, those that its files import. Without sandbox and tools. */
function arrowsBetweenRooms(): ReadonlyMap<string, ReadonlySet<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const file of PRODUCT) {
    const room = roomOf(file);
    const targets = arrows.get(room) ?? new Set();
    for (const { target } of importsOf(file))
      if (target !== undefined && roomOf(target) !== room) targets.add(roomOf(target));
    arrows.set(room, targets);
  }
  return arrows;
}

function roomOf(file: string): string {
  return /^(domain|adapters)\//.test(file)
    ? file.split("/").slice(0, 2).join("/")
    : (file.split("/")[0] ?? "");
}

/** The page with the drawing inserted. */
export function withDrawing(page: string): string {
  const [before = "", rest = ""] = page.split(BEGIN);
  return `${before}${drawing()}${rest.split(END)[1] ?? ""}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, withDrawing(readFileSync(PAGE, "utf8")));
