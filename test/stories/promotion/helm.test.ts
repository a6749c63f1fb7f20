// With Helm on the PATH and without: what the pull request says, what /readyz says.

import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import { live, published, testBed } from "../setting.ts";

const PATH = process.env["PATH"];
/** Real Helm, several times. */
const SLOW_MS = 120_000;

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "helm-story-"));
  process.env["PATH"] = folder;
});

afterEach(async () => {
  process.env["PATH"] = PATH;
  await rm(folder, { recursive: true, force: true });
});

interface Ready {
  readonly status: string;
  readonly details?: readonly string[];
}

async function saidOfHelm(): Promise<readonly string[]> {
  const answer: Ready = JSON.parse(await (await fetch(`${testBed.url()}/readyz`)).text());
  expect(answer.status).toBe("ready");
  return (answer.details ?? []).filter((detail) => /helm/i.test(detail));
}

function textOfPull(): string | undefined {
  return testBed.repository().pull(1)?.body;
}

test(
  "without Helm the text says that nothing was compared, and /readyz that it is missing",
  async () => {
    await live();
    await published("1.0.1");
    expect(textOfPull()).toContain(
      "Not compared: there is no helm program on the server's PATH to render both versions with.",
    );
    expect(await saidOfHelm()).toEqual([
      "no helm program is on the PATH: nothing is rendered, and no check can tell whether Helm takes a new version",
    ]);
  },
  SLOW_MS,
);

test(
  "with Helm the text says what changes, and /readyz nothing",
  async () => {
    await symlink(await helmBinary(), join(folder, "helm"));
    await live();
    await published("1.0.1");
    expect(textOfPull()).toMatch(/^- (?:In|Nothing changes in) the cluster/m);
    expect(await saidOfHelm()).toEqual([]);
  },
  SLOW_MS,
);
