// What the documents draw and link to is there.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { VERSION } from "../src/domain/model/program.ts";
import { drawing, withDrawing } from "../src/tools/architecture/draw.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const pages = [
  ...readdirSync(ROOT).filter((file) => file.endsWith(".md")),
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

test("the architecture page draws the code as it stands (npm run draw)", () => {
  const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  expect(page).toBe(withDrawing(page));
});

test("every room of the product is drawn", () => {
  const rooms = readdirSync(join(ROOT, "src")).filter((room) => !["sandbox", "tools"].includes(room));
  const drawn = drawing();
  const missing = rooms.filter((room) => !new RegExp(`^│ ${room}[ /]`, "m").test(drawn));
  expect(missing).toEqual([]);
});

test.each(pages)("every link of %s leads to a file", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");
  const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = ""]) => target);
  const missing = targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)));
  expect(missing).toEqual([]);
});

test("README is a front door, not a manual", () => {
  expect(readFileSync(join(ROOT, "README.md"), "utf8").split("\n").length).toBeLessThan(140);
});

test("the program calls itself by the version of package.json", () => {
  const { version }: { readonly version: string } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  expect(VERSION).toBe(version);
});
