// Finds out about one dependency what its check is made from: the chart repository's word, its archive and signature, its
// values' schema, and how it fared in the environment before.

import type { ChartFact, EntryFacts, Provenance } from "../../check/facts.ts";
import type { MovedEntry } from "../../check/moved-entries.ts";
import type { Archive } from "../../model/archive.ts";
import { resolveRepository } from "../../model/chart-repository.ts";
import type { Environment } from "../../model/config.ts";
import type { HeadTexts } from "../../model/head.ts";
import type { Problem } from "../../model/problem.ts";
import type { ChartRepository } from "../../model/settings.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { ChartName, LookUp, World } from "../world.ts";

export interface Inspecting {
  readonly environment: Environment;
  readonly texts: HeadTexts;
  readonly upstream: Upstream;
  readonly world: World;
}

/** A dependency with what was found out about it, and its archive where it could be had. */
export interface Inspected {
  readonly facts: EntryFacts;
  readonly packed?: Uint8Array;
}

/** Looks one dependency up, opens it where its values are to be tried, and asks about it in the environment before. */
export async function inspect(entry: MovedEntry, context: Inspecting): Promise<Inspected> {
  const { world, upstream } = context;
  const { dependency, to, moves } = entry;
  const repository = resolveRepository(world.settings.chartRepositories, dependency.repository);
  if (!repository || to === undefined) return { facts: { entry, chart: unasked(entry, repository) } };
  const announced = await announcedDigest(repository, { chart: dependency.name, version: to }, world);
  const wanted = {
    chart: dependency.name,
    version: to,
    ...(announced !== undefined && { digest: announced }),
  };
  const found = moves ? await world.charts.lookUp(repository, wanted) : undefined;
  const fetched = await fetchChart(repository, { ...digestIn(found), ...wanted }, world);
  const chart = found ? await chartFact(found, { repository, wanted, fetched, world }) : NOT_ASKED;
  const wait = moves ? waitFor(dependency.name, to, upstream) : undefined;
  const schema = fetched.archive && (await checkValues(fetched.archive, entry, context));
  return {
    facts: { entry, chart, ...(wait && { wait }), ...(schema && { schema }) },
    ...(fetched.packed && { packed: fetched.packed }),
  };
}

async function announcedDigest(
  repository: ChartRepository,
  { chart, version }: ChartName,
  { store }: World,
): Promise<string | undefined> {
  const publish = await store.publishes.find({ chart, repository: repository.name }, version);
  return publish?.digest;
}

function digestIn(found: LookUp | undefined): { readonly digest?: string } {
  return found?.kind === "found" && found.digest !== undefined ? { digest: found.digest } : {};
}

const NOT_ASKED: ChartFact = { kind: "unasked" };

function unasked(
  { moves, repositoryBefore, to, dependency }: MovedEntry,
  known: ChartRepository | undefined,
): ChartFact {
  if (!moves) return NOT_ASKED;
  if (known)
    return {
      kind: "unasked",
      because: `${dependency.version} is a range, and no lock says which version is meant`,
    };
  const from = repositoryBefore === undefined ? "" : ` (it was ${repositoryBefore})`;
  return to === undefined && dependency.repository === ""
    ? NOT_ASKED
    : {
        kind: "unasked",
        because: `its repository "${dependency.repository}"${from} is none of server.yaml's`,
      };
}

interface Fetched {
  readonly packed?: Uint8Array;
  readonly archive?: Archive;
  readonly problem?: Problem;
}

async function fetchChart(
  repository: ChartRepository,
  chart: ChartName,
  { charts }: World,
): Promise<Fetched> {
  const fetched = await charts.fetchArchive(repository, chart);
  if (!fetched.ok) return { ...(fetched.problems[0] && { problem: fetched.problems[0] }) };
  const { packed } = fetched.value;
  const archive = await charts.openArchive(packed);
  return { packed, ...(archive.ok && { archive: archive.value }) };
}

interface Found {
  readonly repository: ChartRepository;
  /** With the digest that was announced, if any was. */
  readonly wanted: ChartName;
  readonly fetched: Fetched;
  readonly world: World;
}

async function chartFact(found: LookUp, about: Found): Promise<ChartFact> {
  const { repository, wanted } = about;
  if (found.kind === "unreachable") return found;
  if (found.kind === "missing") return { ...found, repository: repository.name };
  return {
    kind: "found",
    repository: repository.name,
    ...digestIn(found),
    ...(wanted.digest !== undefined && { announced: wanted.digest }),
    provenance: await provenanceOf(about),
  };
}

/** Whatever a signature says: bytes other than those that the repository lists are nobody's. */
async function provenanceOf({ repository, wanted, fetched, world }: Found): Promise<Provenance> {
  const { keyring } = repository;
  const { packed, problem } = fetched;
  if (problem?.code === "chart-digest") return { kind: "invalid", problem };
  if (!keyring) return { kind: "unasked" };
  if (!packed) return unsigned(problem);
  const { chart: name, version } = wanted;
  const { inspection } = world;
  const prov = await inspection.fetchProvenance(repository, { chart: name, version });
  if (!prov.ok) return unsigned(prov.problems[0]);
  const verified = await inspection.verifyProvenance({ prov: prov.value, keyring, packed, name, version });
  if (!verified.ok) return unsigned(verified.problems[0]);
  return { kind: "valid", signer: verified.value.userIds[0] ?? verified.value.keyId };
}

function unsigned(problem: Problem | undefined): Provenance {
  if (!problem) return { kind: "unasked" };
  return { kind: problem.code === "chart-repository-unreachable" ? "unreachable" : "invalid", problem };
}

function waitFor(chart: string, version: string, upstream: Upstream): EntryFacts["wait"] {
  const known = upstream.again().length;
  const because = upstream.waits(chart, version);
  const until = upstream.again()[known];
  return because === undefined ? undefined : { because, ...(until && { until }) };
}

async function checkValues(
  { files }: Archive,
  { key }: MovedEntry,
  { environment, texts, world }: Inspecting,
): Promise<EntryFacts["schema"]> {
  const schema = files.get("values.schema.json");
  if (!schema) return undefined;
  const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes ?? new Uint8Array());
  const valuesFiles = environment.valuesFiles
    .map((file) => file.replaceAll("{chart}", key))
    .flatMap((file) => {
      const text = texts.head.get(file);
      const path = environment.path === "" ? file : `${environment.path}/${file}`;
      return text === undefined ? [] : [{ path, text }];
    });
  return world.inspection.checkValues({
    schema: decode(schema),
    defaults: decode(files.get("values.yaml")),
    keys: [key],
    valuesFiles,
  });
}
