// An umbrella chart is written out for Helm: what its repository can hold and a folder cannot is told, and is no mistake of ours.

import { expect, test } from "@jest/globals";
import { inChartFolder } from "../../../src/adapters/helm/chart-folder.ts";

const ARCHIVES = new Map([["web-1.0.0.tgz", Buffer.from("packed")]]);

async function written(path: string, text = "x") {
  const umbrellaFiles = new Map([[path, text]]);
  return inChartFolder({ umbrellaFiles, archives: ARCHIVES, valuesFiles: [] }, async () => "written");
}

test.each([
  ["charts", "a file stands where it needs a folder"],
  ["charts/web-1.0.0.tgz/x", "a folder stands in its place"],
  [`templates/${"n".repeat(300)}.yaml`, "a name in it is too long"],
  ["../../out", "leads out of the chart"],
  ["templates/../../../out", "leads out of the chart"],
])("%s is a problem", async (path, why) => {
  expect(await written(path)).toMatchObject({
    ok: false,
    problems: [{ code: "manifest-invalid", message: expect.stringContaining(why) }],
  });
});

test("any other path is written, whatever characters it has", async () => {
  for (const path of ["templates/a b.yaml", "templates/ünicode.yaml", "-n", "templates/$(id).yaml", "a\nb"])
    expect(await written(path)).toEqual({ ok: true, value: "written" });
});
