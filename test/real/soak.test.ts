// Publishes to real server processes that are killed at random and started again: whatever was answered with 202 ends
// promoted or answered, with one open pull request for each environment and chart and no deployment doubled.

import { expect, test } from "@jest/globals";
import { findPostgres, POSTGRES } from "./postgres-server.ts";
import { isSkipped } from "./program.ts";
import { type SoakOptions, soak } from "./soak/soak.ts";

const PART = "soak";
const PUBLISHES = Number(process.env["SOAK_PUBLISHES"] ?? 2000);
const SEED = Number(process.env["SOAK_SEED"] ?? 1);
const LIMIT_MS = 300_000;

const onEmbedded = isSkipped(PART) ? test.skip : test;
const onPostgres = isSkipped(PART) || isSkipped(POSTGRES) ? test.skip : test;

onEmbedded(
  "one process on the embedded store, killed and started again",
  async () => {
    const died = { kills: 24, lasts: { min: 300, max: 2500 }, rests: { min: 0, max: 200 } };
    expect(await wrongWith("the embedded store", { replicas: 1, ...died })).toEqual([]);
  },
  LIMIT_MS,
);

onPostgres(
  "three replicas on PostgreSQL, each killed and started again",
  async () => {
    const died = { kills: 8, lasts: { min: 2000, max: 9000 }, rests: { min: 0, max: 2000 } };
    const postgres = await findPostgres();
    try {
      const databaseUrl = await postgres.createDatabase();
      expect(await wrongWith("PostgreSQL", { replicas: 3, databaseUrl, ...died })).toEqual([]);
    } finally {
      await postgres.close();
    }
  },
  LIMIT_MS,
);

async function wrongWith(
  store: string,
  options: Omit<SoakOptions, "seed" | "publishes">,
): Promise<readonly string[]> {
  const { complaints, figures } = await soak({ seed: SEED, publishes: PUBLISHES, ...options });
  const figuresText = Object.entries(figures).map(
    ([name, figure]) => `${Math.round(figure * 10) / 10} ${name}`,
  );
  process.stdout.write(
    `Soak on ${store}: seed ${SEED} (SOAK_SEED=… takes another): ${figuresText.join(", ")}.\n`,
  );
  return complaints;
}
