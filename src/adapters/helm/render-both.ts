// Renders an environment before and after a change with Helm: for the pull request's text and its check.

import type { Cluster } from "../../domain/model/config/config.ts";
import type {
  Rendered,
  RenderedAs,
  RenderedSide,
  SchemaWords,
} from "../../domain/pull-request-body/facts.ts";
import { sortVersions, type TemplateAsks } from "../../domain/pull-request-body/rendering/template-asks.ts";
import { type ChartFolder, inChartFolder, type UmbrellaInput } from "./chart-folder.ts";
import { type Program, type TemplateOptions, type Tried, tryTemplate } from "./template.ts";

export interface BothSides {
  readonly before: UmbrellaInput;
  readonly after: UmbrellaInput;
  readonly cluster: Cluster;
  /** What the templates of either side query about the cluster. */
  readonly asks: TemplateAsks;
  /** Schemas of either side that Helm must not read, with the reason: then none is applied. */
  readonly untriedSchemas: SchemaWords["untried"];
}

const TIMEOUT_MS = 30_000;

/** Never rejects because of Helm's errors. Runs one helm process at a time, to bound the memory. */
export async function renderBoth(
  helm: string,
  sides: BothSides,
  limits: { readonly timeoutMs?: number } = {},
): Promise<Rendered> {
  const program = { helm, timeoutMs: limits.timeoutMs ?? TIMEOUT_MS };
  const inBefore = await inChartFolder(sides.before, (before) =>
    inChartFolder(sides.after, (after) => render(runnerOf({ before, after }, sides, program), sides)),
  );
  const rendered = inBefore.ok ? inBefore.value : inBefore;
  return rendered.ok ? rendered.value : notRendered(rendered.problems[0]?.message ?? "");
}

type Which = "before" | "after";
type Runner = (
  which: Which,
  options: Pick<TemplateOptions, "as" | "schemas" | "definitions"> & { readonly unstated?: "with" },
) => Promise<Tried>;

function runnerOf(
  folders: Readonly<Record<Which, ChartFolder>>,
  { before, after, cluster, asks, untriedSchemas }: BothSides,
  program: Program,
): Runner {
  const { stated, unstated } = sortVersions(asks.apiVersions, cluster.apiVersions);
  return (which, { unstated: withUnstated, ...options }) =>
    tryTemplate(
      folders[which],
      {
        ...options,
        ...(untriedSchemas.length > 0 && { schemas: "never" }),
        cluster,
        valuesFiles: (which === "before" ? before : after).valuesFiles,
        apiVersions: withUnstated === undefined ? stated : [...stated, ...unstated],
      },
      program,
    );
}

interface Pair {
  readonly before: Tried;
  readonly after: Tried;
}

async function render(run: Runner, { cluster, asks, untriedSchemas }: BothSides): Promise<Rendered> {
  const { pair, as } = await firstPair(run, asks);
  const because = unknownIn([pair.before, pair.after]);
  if (because !== undefined) return notRendered(because);
  const { unstated } = sortVersions(asks.apiVersions, cluster.apiVersions);
  const retried = await bothSides(run, { as: as.kind, schemas: "skipped", definitions: "with" });
  const further = unstated.length === 0 ? [] : await twiceWithUnstated(run, as.kind);
  const [before, after] = [side("before"), side("after")];
  if (before === undefined || after === undefined)
    return notRendered("helm template came to another end when it ran again");
  return {
    ...{ kind: "rendered", before, after, as, unstated },
    kubeVersionAssumed: asks.kubeVersion && cluster.kubeVersion === undefined,
  };

  function side(which: Which): RenderedSide | undefined {
    const [first, second] = [pair[which], retried[which]];
    if (first.kind === "failed") return { kind: "failed", message: first.message };
    if (first.kind !== "rendered" || second.kind !== "rendered") return undefined;
    const [one, other] = further.map((tried) => tried[which]);
    const { refused, untried } = first;
    return {
      ...{ kind: "rendered", first: first.text, second: second.text, refused },
      untried: [...untried, ...untriedSchemas],
      ...(one?.kind === "rendered" &&
        other?.kind === "rendered" && { withUnstated: [one.text, other.text] as const }),
    };
  }
}

/**
 * As an upgrade, which is what a merge does. If one side renders only as an installation, both are rendered so: without
 * a cluster, `lookup` finds nothing that an upgrade relies on.
 */
async function firstPair(
  run: Runner,
  { lookups }: TemplateAsks,
): Promise<{ readonly pair: Pair; readonly as: RenderedAs }> {
  const options = { schemas: "tried", definitions: "without" } as const;
  const upgrade = await bothSides(run, { ...options, as: "upgrade" });
  const asUpgrade = { pair: upgrade, as: { kind: "upgrade" } } as const;
  if (upgrade.before.kind !== "failed" && upgrade.after.kind !== "failed") return asUpgrade;
  const installation = await bothSides(run, { ...options, as: "installation" });
  const before = onlyAsInstallation(upgrade.before, installation.before);
  const after = onlyAsInstallation(upgrade.after, installation.after);
  if (before === undefined && after === undefined) return asUpgrade;
  const words = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return { pair: installation, as: { kind: "installation", lookups, ...words } };
}

/** Helm's error for the upgrade. */
function onlyAsInstallation(upgrade: Tried, installation: Tried): string | undefined {
  return upgrade.kind === "failed" && installation.kind === "rendered" ? upgrade.message : undefined;
}

async function bothSides(run: Runner, options: Parameters<Runner>[1]): Promise<Pair> {
  const before = await run("before", options);
  return { before, after: await run("after", options) };
}

/**
 * Alternates between the sides, so that a rendered time is either the same in two renderings of different sides, or
 * differs within each.
 */
async function twiceWithUnstated(run: Runner, as: RenderedAs["kind"]): Promise<readonly Pair[]> {
  const options = { as, schemas: "skipped", definitions: "without", unstated: "with" } as const;
  const first = await bothSides(run, options);
  return [first, await bothSides(run, options)];
}

function unknownIn(tried: readonly Tried[]): string | undefined {
  return tried.flatMap((one) => (one.kind === "unknown" ? one.because : []))[0];
}

function notRendered(because: string): Rendered {
  return { kind: "not-rendered", why: "gave-up", because: because.replace(/\.$/, "") };
}
