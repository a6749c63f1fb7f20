// How words of the model stand in columns, and how they are read back.

import type { Config } from "../model/config.ts";
import type { Moved } from "../model/deployment.ts";
import type { RepositoryEvent } from "../model/event.ts";
import type { Problem } from "../model/problem.ts";
import type { Source } from "../model/publish.ts";
import type { RepositoryIndex } from "../model/repository.ts";
import type { Value } from "../model/umbrella.ts";

/** The property when the column holds something, no property otherwise. */
export function optional<K extends string, C, T>(
  key: K,
  column: C | null,
  read: (column: C) => T,
): { readonly [P in K]?: T } {
  return column === null ? {} : ({ [key]: read(column) } as { readonly [P in K]?: T });
}

export function same<T>(column: T): T {
  return column;
}

export function date(column: number): Date {
  return new Date(column);
}

/** Free text without NUL, which PostgreSQL cannot hold. */
export function text(written: string): string {
  return written.replaceAll("\0", "");
}

export function problem(column: string): Problem {
  return JSON.parse(column) as Problem;
}

export function values(column: string): { readonly [key: string]: Value } {
  return JSON.parse(column) as { readonly [key: string]: Value };
}

export function source(column: string): Source {
  return JSON.parse(column) as Source;
}

export function event(column: string): RepositoryEvent {
  return JSON.parse(column) as RepositoryEvent;
}

export function moves(column: string): readonly Moved[] {
  return JSON.parse(column) as readonly Moved[];
}

export function names(column: string): readonly string[] {
  return JSON.parse(column) as readonly string[];
}

/** The only instants inside a JSON text are those of freezes. */
export function repositoryIndex(column: string): RepositoryIndex {
  const index = JSON.parse(column) as RepositoryIndex;
  return index.config === undefined ? index : { ...index, config: withInstants(index.config) };
}

function withInstants(config: Config): Config {
  return {
    ...config,
    environments: config.environments.map((environment) => ({
      ...environment,
      freeze: environment.freeze.map((freeze) => ({
        ...freeze,
        from: new Date(freeze.from),
        to: new Date(freeze.to),
      })),
    })),
  };
}
