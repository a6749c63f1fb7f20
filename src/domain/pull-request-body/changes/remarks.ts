// Further remarks for the reviewer, a line each: decisions of the edit, policy, versions in between, other
// environments.

import type { ChartFacts, PullRequestFacts } from "../facts.ts";
import { clip, code, prose, text } from "../markdown/escape.ts";
import { versionsBetween } from "./versions-between.ts";

/** Sentences of Markdown. */
export function remarks({ notes, policy, charts }: PullRequestFacts): readonly string[] {
  const sentences = [...notes, ...policy.satisfied].map((sentence) => prose(clip(sentence, 500)));
  const about = charts.flatMap((chart) => {
    const subject = charts.length > 1 ? `${code(chart.chart)}: ` : "";
    return [...unopened(chart), ...onTheWay(chart), ...elsewhere(chart)].map(
      (sentence) => subject + sentence,
    );
  });
  return [...sentences, ...about];
}

function unopened({ before, after }: ChartFacts): readonly string[] {
  const sides = [
    { which: "present", opened: before },
    { which: "new", opened: after },
  ];
  return sides.flatMap(({ which, opened }) =>
    opened.kind === "missing"
      ? [
          `The ${which} version's archive could not be read, so its default values are not compared: ${text(clip(opened.because, 500))}`,
        ]
      : [],
  );
}

function onTheWay(chart: ChartFacts): readonly string[] {
  const { superseded, to, incomplete } = chart;
  const passed = versionsBetween(chart).map(({ version }) => version);
  const skipped = passed.filter((version) => version !== to && !superseded.includes(version));
  return [
    ...(superseded.length === 0
      ? []
      : [`Takes the place of ${listed(superseded, 10)}, proposed here before.`]),
    ...(skipped.length === 0 ? [] : [`Passes over ${listed(skipped, 10)}.`]),
    ...(incomplete === undefined
      ? []
      : [
          `Not every version on the way could be asked for its release notes: ${text(clip(incomplete, 500))}`,
        ]),
  ];
}

/** "Elsewhere when this was written: `2.0.0` in `dev`, `staging`; `1.0.4` in `eu`." */
function elsewhere({ elsewhere: others }: ChartFacts): readonly string[] {
  const groups = [...Map.groupBy(others, ({ version }) => version)].slice(0, 8);
  const parts = groups.map(
    ([version, list]) =>
      `${code(clip(version, 60))} in ${listed(
        list.map(({ environment }) => environment),
        8,
      )}`,
  );
  return parts.length === 0 ? [] : [`Elsewhere when this was written: ${parts.join("; ")}.`];
}

function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map((name) => code(clip(name, 100)));
  return shown.join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}
