// `npm run corpus -- FOLDER`: reads and bumps every chart of an outside corpus and prints what came of it.
// Exits with 1 when anything was edited or read wrongly.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { judgeRealBumps } from "./real-bumps.ts";
import { judgeRealFiles } from "./real-files.ts";
import { judgeMadeUpValues, judgeRealValues } from "./real-values.ts";
import { judgeSyntheticCases } from "./synthetic-cases.ts";

const folder = process.argv[2];
if (folder === undefined || !existsSync(folder)) {
  process.stderr.write(
    "usage: npm run corpus -- FOLDER\nFOLDER holds files/, bumps.jsonl and synthetic/, any of them.\n",
  );
  process.exitCode = 2;
} else {
  const parts = [
    {
      path: join(folder, "files"),
      title: "Every dependency of every real file, bumped",
      judge: judgeRealFiles,
    },
    { path: join(folder, "bumps.jsonl"), title: "Real bumps, made again", judge: judgeRealBumps },
    { path: join(folder, "synthetic"), title: "Made cases", judge: judgeSyntheticCases },
    {
      path: join(folder, "files"),
      title: "Values set in every real values file, read by Helm",
      judge: judgeRealValues,
    },
    { path: folder, title: "Values set in made values files, read by Helm", judge: judgeMadeUpValues },
  ];
  for (const { path, title, judge } of parts) {
    if (!existsSync(path)) continue;
    const tally = await judge(path);
    process.stdout.write(
      `${tally.table(title)}\n${tally.wrongs.map((line) => `          ${line}\n`).join("")}\n`,
    );
    if (tally.wrongs.length > 0) process.exitCode = 1;
  }
}
