// Reviews and judges a change of a checkout as the server would, and prints the report.

import type { CheckFacts, EntryFacts } from "../../domain/check/facts.ts";
import { type Judgement, judgePullRequest } from "../../domain/check/judge-pull-request.ts";
import type { MovedEntry } from "../../domain/check/moved-entries.ts";
import { readChange } from "../../domain/check/read-change.ts";
import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { Files } from "../../domain/model/umbrella.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { parseVersion } from "../../domain/versions/version.ts";
import type { ReviewAnswer, ReviewRequest } from "../../reconcile/ports/chart-review.ts";
import { foldersToRender, valuesTexts } from "../../reconcile/promotion/text/folders-to-render.ts";
import type { LocalChange } from "./local-change.ts";
import { patientReviewer } from "./patient-reviewer.ts";

export interface LocalReview {
  readonly review: ReviewAnswer;
  readonly check: Judgement;
}

export async function reviewLocally(change: LocalChange, helm: string): Promise<LocalReview> {
  const review = await patientReviewer(helm).review(requestFor(change));
  return { review, check: judgePullRequest(checkFacts(change, review)) };
}

function requestFor(change: LocalChange): ReviewRequest {
  const { chart, others, environment, umbrella, before, after, repositories, notes } = change;
  const urls = repositoryUrls(repositories);
  const entry = umbrella.dependencies.find(({ name }) => name === chart.chart);
  return {
    facts: {
      ...{ environment: environment.name, cluster: environment.cluster, umbrella: umbrella.name, notes },
      charts: [
        {
          ...chart,
          repositoryUrl: entry?.repository ?? "",
          signature: { kind: "unasked" },
          between: [],
          superseded: [],
          elsewhere: [],
        },
      ],
      valuesFiles: valuesTexts(environment, chart.keys, after),
      policy: { satisfied: [], pending: [] },
      githubWeb: "https://github.com",
    },
    toRender: foldersToRender({
      charts: [chart, ...others],
      environment,
      before: { texts: before, umbrella: readUmbrella(before, urls) },
      after: { texts: after, umbrella: readUmbrella(after, urls) },
    }),
  };
}

/** Without look-ups: the chart repository's and the upstream environment's answers are unknown here. */
function checkFacts(change: LocalChange, { judgement }: ReviewAnswer): CheckFacts {
  const { environment, repositories } = change;
  const [before, after] = [checkable(change.before), checkable(change.after)];
  const texts = { fork: before, base: before, head: after };
  const { umbrellas, entries, lockBefore } = readChange(texts, repositoryUrls(repositories));
  return {
    environments: [
      {
        ...{ environment, texts, umbrella: umbrellas.head, archives: [], images: [], judgement },
        ...(lockBefore !== undefined && { lockBefore }),
        entries: entriesOf(change, entries),
      },
    ],
    ...{ emergency: false, filesOfOthers: [], links: [] },
    ...{ rollback: new Map(), requested: new Map() },
    now: new Date(),
  };
}

/** Without lock checks when only the server knows the URL of a repository. */
function checkable(files: Files): Files {
  const isNamed = [...files].some(
    ([path, text]) =>
      /^(?:Chart|requirements)\.yaml$/.test(path) && /repository:\s*["']?(?:@|alias:)/.test(text),
  );
  return new Map([...files].filter(([path]) => !isNamed || !path.endsWith(".lock")));
}

function entriesOf(
  { chart: { chart, from, to } }: LocalChange,
  entries: readonly MovedEntry[],
): readonly EntryFacts[] {
  const version = parseVersion(from);
  return entries
    .filter(({ dependency }) => dependency.name === chart)
    .map((entry) => ({
      entry: { ...entry, moves: true, to, ...(version && { from: version }) },
      chart: { kind: "unasked" },
    }));
}

export function report({ review, check }: LocalReview, form: "json" | "text"): string {
  const { body, dangers, warnings, counts, images } = review;
  const { conclusion, title, summary } = check;
  if (form === "text") return `${body}\n\n## Check: ${conclusion}\n\n${title}\n\n${summary}\n`;
  const moves = images.map(({ repository, before, after }) => ({
    image: repository,
    from: before.length === 0 ? null : before.join(", "),
    to: after.length === 0 ? null : after.join(", "),
  }));
  const { changed, added, removed, relabelled } = counts ?? {};
  const document = {
    ...{ body, dangers, warnings },
    counts: counts ? { changed, added, removed, relabelled } : null,
    images: moves,
    check: { conclusion, summary },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
