// `--values FILE` of `plan` and `publish`: parsed as Helm does, and validated as by the server.

import { readValues } from "../../domain/go-yaml/read-values.ts";
import { fail, type Result } from "../../domain/model/problem.ts";
import { parseValues, type Values } from "../../intake/body/values.ts";
import { readText } from "./read-text.ts";

export async function readValuesFile(file: string): Promise<Result<Values>> {
  const help = "Give --values a file that can be read.";
  const text = await readText({ path: file, code: "values-invalid", help });
  if (!text.ok) return text;
  const read = readValues(text.value);
  if (read.ok) return parseValues(read.value);
  const { line, message } = read.fault;
  return fail({
    code: "values-invalid",
    message: `Helm could not read these values: ${message}.`,
    help: "Write a YAML map, as in a values.yaml.",
    place: { file, line },
  });
}
