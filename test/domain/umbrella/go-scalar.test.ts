import { expect, test } from "@jest/globals";
import { readUmbrella } from "../../../src/domain/umbrella/read-umbrella.ts";

function versionRead(written: string): string {
  const text = `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- name: billing\n  version: ${written}\n`;
  const umbrella = readUmbrella(new Map([["Chart.yaml", text]]), new Map());
  return umbrella.ok ? (umbrella.value.dependencies[0]?.version ?? "no entry") : "refused";
}

/** Each right side is what `helm dependency list` (4.1.4) shows for the left one. */
const HELM_READS: readonly (readonly [string, string])[] = [
  ["1.10", "1.1"],
  ["2.0", "2"],
  ["010", "8"],
  ["0x10", "16"],
  ["0o17", "15"],
  ["-0b11", "-3"],
  ["08", "8"],
  ["1_000", "1000"],
  ["1e3", "1000"],
  ["999999", "999999"],
  ["999999.5", "999999.5"],
  ["1234567.5", "1.2345675e+06"],
  ["1e21", "1e+21"],
  ["0.0001", "0.0001"],
  ["0.00001", "1e-05"],
  ["1.23456789", "1.2345679"],
  ["1e39", "+Inf"],
  ["1.7976931348623157e309", "1.7976931348623157e309"],
  ["18446744073709551615", "18446744073709551615"],
  ["18446744073709551616", "1.8446744e+19"],
  [".5", "0.5"],
  ["5.", "5"],
  ["-0.0", "-0"],
  ["yes", "true"],
  ["n", "false"],
  ["~", ""],
  ["", ""],
  ["2020-01-01", "2020-01-01"],
  ["1:30", "1:30"],
  ["!!str 1.10", "1.10"],
  ["! 1.10", "1.10"],
  ["!pinned 1.10", "1.10"],
  ['!!int "3"', "3"],
  ["!!binary MS4y", "1.2"],
  ['"1\\x2e10"', "1.10"],
  ["'<<'", "<<"],
  ["!!int 1.5", "refused"],
];

test.each(HELM_READS)("a version written as %s is read as %s", (written, read) => {
  expect(versionRead(written)).toBe(read);
});
