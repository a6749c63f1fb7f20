// .github/chart-promoter.yml: text -> Config, or everything that is wrong with it, with lines.

import type { YamlFault } from "../go-yaml/yaml-fault.ts";
import type { Config, ConfigContext } from "../model/config/config.ts";
import { matchesRepository } from "../model/config/glob.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import { type ComplaintContext, complaints, problemAt } from "./complaints.ts";
import { extendedOf, placeInDefaults, readDefaults, withDefaults } from "./extended.ts";
import { withHelmValues } from "./helm-values.ts";
import { normalise } from "./normalise.ts";
import { readable } from "./readable.ts";
import { configObjections } from "./rules.ts";
import { KEYS, schema } from "./schema.ts";
import { readYaml } from "./yaml-document.ts";

/** In characters: far more than a hundred environments need. */
const LONGEST = 64 * 1024;
const MOST_ENVIRONMENTS = 500;

export function parseConfig(text: string, context: ConfigContext): Result<Config> {
  const { defaultBranch, deployers, pauses, repository, file } = context;
  if (text.length > LONGEST) return fail(tooLarge(`is larger than ${LONGEST / 1024} KiB`, file));
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const { environments } = Object(document.value.value);
  if (Object.keys(Object(environments)).length > MOST_ENVIRONMENTS)
    return fail(tooLarge(`has more than ${MOST_ENVIRONMENTS} environments`, file));
  const complaining: ComplaintContext = {
    file,
    code: "config-invalid",
    document: document.value,
    keys: KEYS,
  };
  const helm = withHelmValues(document.value.value ?? {}, text);
  if (helm.kind === "unreadable") return fail(unreadableByHelm(helm.fault, file));
  const extended = extendedOf(context, helm.value);
  const line = document.value.lineOf(["extends"]);
  const defaults = extended && readDefaults(extended, { file, line });
  if (defaults && !defaults.ok) return defaults;
  const value = defaults ? withDefaults(helm.value, defaults.value) : helm.value;
  const checked = schema.safeParse(value);
  const issues = checked.error?.issues ?? [];
  const rest = readable(value, issues);
  const written = schema.safeParse(rest.value);
  if (!written.success) return failed(complaints(issues, complaining));
  const config = normalise(written.data, defaultBranch);
  const objected = configObjections({ config, deployers, repository, refused: rest.refused });
  if (issues.length === 0 && objected.length === 0) return ok(pausedBy(pauses, repository, config));
  const broken = objected.map(({ path, ...what }) => {
    const from = defaults && placeInDefaults(path, helm.value, defaults.value);
    if (!from) return problemAt(path, complaining, what);
    const problem = problemAt(path, { ...complaining, ...defaults.value }, what);
    const place = { file: defaults.value.file, line: defaults.value.document.lineOf(from) };
    return { ...problem, message: `${problem.message} (${file} extends it in line ${line}.)`, place };
  });
  return failed([...complaints(issues, complaining), ...broken]);
}

/** The operator's pause applies to the whole repository. */
function pausedBy(pauses: ConfigContext["pauses"] = [], repository: string, config: Config): Config {
  const pause = pauses.find(({ repositories }) => matchesRepository(repositories, repository));
  if (!pause) return config;
  return { ...config, environments: config.environments.map((one) => ({ ...one, paused: pause.reason })) };
}

function tooLarge(what: string, file: string): Problem {
  return {
    code: "config-invalid",
    message: `The file ${what}.`,
    help: "Part it: the environments of another repository have a file of their own there.",
    place: { file, line: 1 },
  };
}

function unreadableByHelm({ line, message }: YamlFault, file: string): Problem {
  return {
    code: "config-invalid",
    message: `The values in this file cannot be read as Helm reads them: ${message}.`,
    help: "Write the line so that YAML 1.1 allows it; quotes help in most cases.",
    place: { file, line },
  };
}

function failed(problems: readonly Problem[]): Result<Config> {
  const [first, ...rest] = problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
  if (!first) throw new Error("refused without a reason");
  return fail(first, ...rest);
}
