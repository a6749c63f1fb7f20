// `npm run expressions`: checks every regular expression of the product with recheck, and compares with
// fixtures/expressions.json. `-- --new` checks only new ones. UPDATE=1 writes the file; a new expression that is not
// linear needs a bound there.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Expression, readExpressions } from "./read-expressions.ts";
import { type Bound, readVerdicts, writeVerdicts } from "./verdicts.ts";

const VERSION = "4.5.0";
const EACH_MS = 20_000;

type Check = (
  source: string,
  flags: string,
  options: { readonly timeout: number },
) => Promise<{ readonly status: "safe" | "vulnerable" | "unknown" }>;

/** Placeholder for the author of a new expression to fill in. */
const NOBODY: Bound = { in: [], longest: 0, by: "", slow: ["", "", ""] };

const known = readVerdicts();
const { literals } = readExpressions();
const isNew = (text: string) => !known.linear.includes(text) && known.bounded[text] === undefined;
const selected = [...literals].filter(([text]) => !process.argv.includes("--new") || isNew(text));
const check = await recheck();
const notLinear = new Set<string>();
const waiting = [...selected];
await Promise.all(Array.from({ length: availableParallelism() }, judgeAll));
const begun = (process.uptime() / 60).toFixed(1);
process.stdout.write(
  `${selected.length} expressions, ${notLinear.size} not proved linear, in ${begun} min (recheck ${VERSION})\n`,
);
const unlisted = [...notLinear].filter((text) => known.bounded[text] === undefined);
for (const text of unlisted) process.stdout.write(`not linear, and no input bounds it: ${text}\n`);
if (process.env["UPDATE"] === "1") update();
else if (unlisted.length > 0) process.exitCode = 1;

async function judgeAll(): Promise<void> {
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [text, expression] = next;
    if (!(await isLinear(expression))) notLinear.add(text);
  }
}

/** An expression whose check times out counts as not linear. */
async function isLinear({ source, flags }: Expression): Promise<boolean> {
  return (await check(source, flags, { timeout: EACH_MS })).status === "safe";
}

function update(): void {
  const isBounded = (text: string) =>
    notLinear.has(text) || (known.bounded[text] !== undefined && literals.has(text));
  const texts = [...literals.keys()].sort();
  writeVerdicts({
    ...known,
    bounded: Object.fromEntries(texts.filter(isBounded).map((text) => [text, known.bounded[text] ?? NOBODY])),
    linear: texts.filter((text) => !isBounded(text)),
  });
}

/** recheck is 50 MB, so it is downloaded here instead of being a dependency. */
async function recheck(): Promise<Check> {
  const folder = join(tmpdir(), `chart-promoter-recheck-${VERSION}`);
  const main = join(folder, "node_modules/recheck/lib/main.js");
  if (!existsSync(main)) {
    mkdirSync(folder, { recursive: true });
    const install = ["install", "--prefix", folder, "--no-audit", "--no-fund", `recheck@${VERSION}`];
    execFileSync("npm", install, { stdio: "inherit" });
  }
  process.env["RECHECK_BACKEND"] ??= "native";
  const { check: judge }: { readonly check: Check } = await import(pathToFileURL(main).href);
  return judge;
}
