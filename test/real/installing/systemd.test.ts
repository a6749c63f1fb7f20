// The systemd unit, as systemd itself reads and rates it.

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isSkipped, onPath, run } from "../program.ts";

const UNIT = fileURLToPath(new URL("../../../deploy/systemd/chart-promoter.service", import.meta.url));
const suite = isSkipped("systemd") ? describe.skip : describe;
/** Of systemd's scale from 0 to 10, times ten: what it calls OK begins at 2.0 and what it calls medium at 5.0. */
const MOST_EXPOSURE = 30;

suite("the systemd unit", () => {
  let folder: string;
  let unit: string;

  beforeAll(async () => {
    if ((await onPath("systemd-analyze")) === undefined)
      throw new Error(
        "There is no systemd-analyze: install systemd, or leave this part out with SKIP_REAL=systemd.",
      );
    folder = await mkdtemp(join(tmpdir(), "systemd-"));
    unit = join(folder, "chart-promoter.service");
    await cp(UNIT, unit);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("has nothing that systemd does not know", async () => {
    await expect(run("systemd-analyze", ["verify", unit])).resolves.toMatchObject({ stdout: "", stderr: "" });
  });

  it("leaves the process little to harm the machine with", async () => {
    const rated = run("systemd-analyze", [
      "security",
      "--offline=true",
      `--threshold=${MOST_EXPOSURE}`,
      unit,
    ]);
    expect((await rated).stdout).toMatch(/Overall exposure level for chart-promoter.service: [012]\.\d/);
  });
});
