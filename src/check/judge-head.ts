// What the check `chart-promoter` says about one head: pure, so that the same head judged alike says the same.

import { readUmbrella } from "../manifest/read-umbrella.ts";
import type { Environment } from "../model/config.ts";
import type { Annotation } from "../model/head.ts";
import type { Place, Problem } from "../model/problem.ts";
import type { SchemaError } from "../review/facts.ts";
import { placeOf } from "../review/schema.ts";
import type { EntryFacts, EnvironmentFacts, HeadFacts, ImageFact } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { judgeEntry } from "./judge-entry.ts";
import { judgeLock } from "./judge-lock.ts";
import { summarise, titleOf } from "./summarise.ts";

export interface Judgement {
  /** `pending` while something has to be waited for; `neutral` when nothing that is judged has changed. */
  readonly conclusion: "success" | "failure" | "neutral" | "pending";
  /** Plain text. */
  readonly title: string;
  /** Markdown, below GitHub's limit of 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** When the next thing waited for is over by itself. */
  readonly until?: Date;
  /** Something did not answer: to be looked at again soon. */
  readonly retry: boolean;
}

export function judgeHead(facts: HeadFacts): Judgement {
  const parts = facts.environments.map((one) => ({
    environment: one.environment.name,
    findings: [...judgeEnvironment(one, facts), ...judgeFreeze(one.environment, facts.now)],
  }));
  const held: readonly Finding[] = facts.held ? [{ level: "wait", sentence: HELD }] : [];
  const all = [...held, ...parts.flatMap(({ findings }) => findings)];
  const conclusion = conclusionOf(all);
  const until = earliest(all.flatMap((finding) => finding.until ?? []));
  return {
    conclusion,
    title: titleOf(conclusion, all, facts),
    summary: summarise(held, parts),
    annotations: all.flatMap(annotationOf),
    ...(until && { until }),
    retry: all.some(({ retry }) => retry === true),
  };
}

const HELD = "Held by the label promotion/hold until somebody comments /unhold or takes the label away.";

function conclusionOf(findings: readonly Finding[]): Judgement["conclusion"] {
  if (findings.some(({ level }) => level === "failure")) return "failure";
  if (findings.some(({ level }) => level === "wait")) return "pending";
  return findings.length === 0 ? "neutral" : "success";
}

function judgeEnvironment(facts: EnvironmentFacts, head: HeadFacts): readonly Finding[] {
  const { environment, texts, repositories, entries, images, imagesUnknown } = facts;
  const umbrella = readUmbrella(texts.head, repositories);
  if (!umbrella.ok) return umbrella.problems.map((problem) => unreadable(problem, environment));
  const moving = entries.some(({ entry }) => entry.moves);
  const locked = moving || lockChanged(facts) ? judgeLock(umbrella.value, texts, repositories) : [];
  return [
    ...entries.flatMap((one) => entryFindings(one, facts, head)),
    ...locked.map((finding) => inRepository(finding, environment)),
    ...images.map(imageFinding),
    ...(imagesUnknown === undefined
      ? []
      : [{ level: "warning", sentence: `Images are not looked up: ${imagesUnknown}.` } as const]),
  ];
}

function entryFindings(
  facts: EntryFacts,
  { environment, texts }: EnvironmentFacts,
  head: HeadFacts,
): readonly Finding[] {
  const { entry, schema } = facts;
  const place = below(environment, entry.place);
  const rolledBackFrom = head.rollback.get(entry.dependency.name);
  const judged = judgeEntry({
    environment,
    facts,
    place,
    ...(rolledBackFrom !== undefined && { rolledBackFrom }),
  });
  if (schema === undefined) return judged;
  if (schema.kind === "unchecked")
    return [
      ...judged,
      { level: "warning", sentence: `The values of ${entry.key} are not checked: ${schema.because}.`, place },
    ];
  if (schema.errors.length === 0)
    return [...judged, { level: "fine", sentence: `The values of ${entry.key} fit its values.schema.json.` }];
  const files = environment.valuesFiles
    .map((file) => file.replaceAll("{chart}", entry.key))
    .flatMap((file) => {
      const text = texts.head.get(file);
      return text === undefined ? [] : [{ path: below(environment, { file }).file, text }];
    });
  return [...judged, ...schema.errors.map((error) => schemaFinding(error, placeOf(error, files) ?? place))];
}

function schemaFinding({ key, path, message }: SchemaError, place: Place): Finding {
  return {
    level: "failure",
    sentence: `${[key, ...path].join(".")} ${message}, says the chart's values.schema.json: Helm will refuse it.`,
    place,
  };
}

function imageFinding({ image, answer }: ImageFact): Finding {
  switch (answer.kind) {
    case "exists":
      return { level: "fine", sentence: `The image ${image} exists.` };
    case "missing":
      return { level: "failure", sentence: `The image ${image} does not exist: ${answer.asked}.` };
    case "unknown":
      return {
        level: "wait",
        sentence: `${answer.problem.message} It is looked at again by itself.`,
        retry: true,
      };
  }
}

function judgeFreeze({ name, freeze }: Environment, now: Date): readonly Finding[] {
  return freeze
    .filter(({ from, to }) => from <= now && now < to)
    .map(({ to, reason }) => ({
      level: "wait",
      sentence: `${name} is frozen until ${to.toISOString()}: ${reason}.`,
      until: to,
    }));
}

function unreadable({ message, help, place }: Problem, environment: Environment): Finding {
  return {
    level: "failure",
    sentence: `${message} ${help}`,
    ...(place && { place: below(environment, place) }),
  };
}

function lockChanged({ texts: { fork, head } }: EnvironmentFacts): boolean {
  const files = ["Chart.yaml", "requirements.yaml", "Chart.lock", "requirements.lock"];
  return files.some((file) => fork.get(file) !== head.get(file));
}

function annotationOf({ level, place, sentence }: Finding): readonly Annotation[] {
  if (!place || (level !== "failure" && level !== "warning")) return [];
  return [{ path: place.file, line: place.line ?? 1, level, message: sentence }];
}

function inRepository(finding: Finding, environment: Environment): Finding {
  return finding.place ? { ...finding, place: below(environment, finding.place) } : finding;
}

function below({ path }: Environment, place: Place): Place {
  return { ...place, file: path === "" ? place.file : `${path}/${place.file}` };
}

function earliest(dates: readonly Date[]): Date | undefined {
  return dates.toSorted((a, b) => a.getTime() - b.getTime())[0];
}
