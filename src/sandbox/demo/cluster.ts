// A stand-in for a cluster: stores the last deployment, can be changed by hand, and can be compared with it.

import { parseAllDocuments } from "yaml";

export interface Difference {
  readonly kind: string;
  readonly name: string;
  readonly change: "changed" | "missing";
  readonly fields?: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly content: Fields;
}

export class StandInCluster {
  #wanted: readonly Manifest[] = [];
  #live: readonly Manifest[] = [];

  /** `rendered`: output of `helm template`. Replaces what is there. */
  deploy(rendered: string): void {
    this.#wanted = parseAllDocuments(rendered).flatMap((document) => manifestOf(document.toJS()) ?? []);
    this.#live = this.#wanted;
  }

  /** `kubectl scale`; returns the previous number of replicas. */
  scale(name: string, replicas: number): unknown {
    const found = this.#live.find((one) => one.kind === "Deployment" && one.name === name);
    if (!found) throw new Error(`there is no Deployment ${name}`);
    const spec = fieldsOf(found.content["spec"]);
    const scaled = { ...found, content: { ...found.content, spec: { ...spec, replicas } } };
    this.#live = this.#live.map((one) => (one === found ? scaled : one));
    return spec["replicas"];
  }

  differences(): readonly Difference[] {
    return this.#wanted.flatMap(({ kind, name, content }): readonly Difference[] => {
      const live = this.#live.find((one) => one.kind === kind && one.name === name);
      if (!live) return [{ kind, name, change: "missing" }];
      const fields = differing(content, live.content, "");
      return fields.length === 0 ? [] : [{ kind, name, change: "changed", fields }];
    });
  }
}

function manifestOf(document: unknown): Manifest | undefined {
  const content = fieldsOf(document);
  const { kind } = content;
  const { name } = fieldsOf(content["metadata"]);
  return typeof kind === "string" && typeof name === "string" ? { kind, name, content } : undefined;
}

/** Paths of wanted fields that differ in the cluster; lists are compared as a whole. */
function differing(wanted: Fields, live: Fields, path: string): readonly string[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isMap) return differing(fieldsOf(value), fieldsOf(live[key]), at);
    return JSON.stringify(value) === JSON.stringify(live[key]) ? [] : [at];
  });
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
