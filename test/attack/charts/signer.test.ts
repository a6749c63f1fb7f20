// A chart's author whose signature is made to be slow: its provenance file is megabytes, or has thousands of signatures, each of which
// is over all of its text. It is verified away from the event loop, with an end.

import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { armor, createCleartextMessage, enums, generateKey, type PrivateKey, sign, unarmor } from "openpgp";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { MALLORY, startTarget, type Target } from "../target.ts";

const MIB = 2 ** 20;
const CHART = "mallory-chartmuseum";
let target: Target;
let folder: string;
let key: PrivateKey;
let versions = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-signer-"));
  key = (await generateKey({ userIDs: [{ name: "mallory", email: "m@example.com" }], format: "object" }))
    .privateKey;
  const keyring = join(folder, "keyring.gpg");
  await writeFile(keyring, key.toPublic().write());
  const dependency = `  - name: ${CHART}\n    version: 1.0.0\n    repository: https://mallory.example.com/chartmuseum\n`;
  target = await startTarget({ keyring, files: { "dev/requirements.yaml": `dependencies:\n${dependency}` } });
  await target.alicesTurn();
}, 180_000);
afterAll(async () => {
  await target.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Signed {
  readonly version: string;
  readonly packed: Uint8Array;
}

async function signed({ version, packed }: Signed, more = ""): Promise<string> {
  const digest = createHash("sha256").update(packed).digest("hex");
  const text = `name: ${CHART}\nversion: ${version}\n${more}\n...\nfiles:\n  ${CHART}-${version}.tgz: sha256:${digest}\n`;
  return sign({ message: await createCleartextMessage({ text }), signingKeys: key });
}

/** The signature as often as that, below a text that it is not of. */
async function signedOften(chart: Signed, count: number, more: string): Promise<string> {
  const [text = "", signature] = (await signed(chart, more)).split(/(?=-----BEGIN PGP SIGNATURE)/);
  const { data } = await unarmor(signature ?? "");
  const bytes = Buffer.concat(Array<Uint8Array>(count).fill(Buffer.from(data)));
  return text.replace("name: ", "Name: ") + armor(enums.armor.signature, bytes);
}

/** What the check of its promotion says once it is done. */
async function saidOf(version: string): Promise<string> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const [pull] = target.pulls(MALLORY);
    const runs = [...target.github.repository(MALLORY.repository).checkRuns.values()];
    const run = pull && runs.findLast(({ headOid }) => headOid === pull.head.oid);
    const verdict = `${run?.conclusion}: ${run?.output.summary}`;
    if (run?.status === "completed" && verdict.includes(version) && !verdict.includes("under way"))
      return verdict;
  }
  throw new Error("no check was done");
}

test.each<[string, RegExp, (chart: Signed) => Promise<string>]>([
  ["as Helm writes it", /^success: .*signed/is, (chart) => signed(chart)],
  ["of a mebibyte of lines", /^failure: .*does not hold/s, async () => "\n".repeat(MIB)],
  [
    "of 19 MiB of text",
    /^failure: .*does not hold/s,
    (chart) => signed(chart, `#${"x".repeat(60)}\n`.repeat(300_000)),
  ],
  [
    "of thousands of signatures",
    /^failure: .*does not hold/s,
    (chart) => signedOften(chart, 2_000, `#${"x".repeat(60)}\n`.repeat(8_000)),
  ],
])(
  "a provenance file %s holds nobody up",
  async (_what, expected, provenance) => {
    versions += 1;
    const version = `1.1.${versions}`;
    const packed = packChart({ name: CHART, version });
    target.hostile.serve({ name: CHART, version, packed });
    target.hostile.answer(`/charts/${CHART}-${version}.tgz.prov`, {
      status: 200,
      body: await provenance({ version, packed }),
    });
    await target.longestBlock();
    await target.publish({ ...MALLORY, publisher: CHART }, { chart: CHART, version });
    const [verdict] = await Promise.all([saidOf(version), target.alicesTurn()]);
    expect(verdict).toMatch(expected);
    expect(await target.longestBlock()).toBeLessThan(100);
  },
  120_000,
);
