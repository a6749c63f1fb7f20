// `npm run truth -- FOLDER`: every triple of a folder (`old/`, `new/`, `environment/`) reviewed as `chart-promoter review` does
// it, and every count, image, value and risk that the text states compared with what real Helm renders, by a comparison that
// shares nothing with the product's. Exits with 1 when anything is false or missed.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { judge, truthOf, type Verdict, type Written } from "./judge.ts";
import { text, tree } from "./tree.ts";
import { type Triple, triplesIn } from "./triple.ts";

const CLI = join(import.meta.dirname, "../../cli/chart-promoter.ts");

/** Through the command line, as users get it. */
async function reviewOf({ old, new: now, environment }: Triple): Promise<Written> {
  const args = [CLI, "review", old, now, "--environment", environment, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  const answer = tree(JSON.parse(stdout));
  return { body: text(answer, "body"), check: text(answer, "check", "conclusion") };
}

const SHOWN = 20;

function row(name: string, { stated, true: right, false: wrong, missed }: Verdict): string {
  const numbers = [stated, right, wrong.length, missed.length].map((count) => String(count).padStart(8));
  const details = [
    ...wrong.slice(0, SHOWN).map((claim) => `    false:  ${claim.slice(0, 300)}`),
    ...missed.slice(0, SHOWN).map((fact) => `    missed: ${fact.slice(0, 300)}`),
  ];
  return `${[name.padEnd(44) + numbers.join(""), ...details].join("\n")}\n`;
}

async function main(folder: string, only: string | undefined): Promise<void> {
  const triples = (await triplesIn(folder)).filter(({ name }) => only === undefined || name.includes(only));
  const head = ["stated", "true", "false", "missed"].map((word) => word.padStart(8)).join("");
  process.stdout.write(`${"".padEnd(44)}${head}\n`);
  const sum = { triple: `${triples.length} triples`, stated: 0, true: 0, false: 0, missed: 0 };
  for (const triple of triples) {
    const verdict = judge(await reviewOf(triple), await truthOf(triple));
    process.stdout.write(row(triple.name, verdict));
    sum.stated += verdict.stated;
    sum.true += verdict.true;
    sum.false += verdict.false.length;
    sum.missed += verdict.missed.length;
  }
  const numbers = [sum.stated, sum.true, sum.false, sum.missed].map((count) => String(count).padStart(8));
  process.stdout.write(`${sum.triple.padEnd(44)}${numbers.join("")}\n`);
  if (triples.length === 0 || sum.false + sum.missed > 0) process.exitCode = 1;
}

const [folder, only] = process.argv.slice(2);
if (folder === undefined || !existsSync(folder)) {
  process.stderr.write(
    "usage: npm run truth -- FOLDER [NAME]\nFOLDER holds folders with old/, new/ and environment/.\n",
  );
  process.exitCode = 2;
} else await main(folder, only);
