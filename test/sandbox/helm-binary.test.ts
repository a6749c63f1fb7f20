import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";

test("a real helm is there, also when two ask for it at once", async () => {
  const [first, second] = await Promise.all([helmBinary(), helmBinary()]);
  expect(second).toBe(first);
  const { stdout } = await promisify(execFile)(first, ["version", "--template", "{{.Version}}"]);
  expect(stdout).toMatch(/^v[34]\./);
}, 60_000);
