// What the schema of server.yaml cannot say: rules between its keys.

import type { Path } from "../config/yaml-document.ts";
import { normaliseUrl } from "../model/chart-repository.ts";
import type { Written } from "./schema.ts";

export interface Objection {
  readonly path: Path;
  readonly what: string;
  readonly help: string;
}

export function objections({
  chartRepositories,
  publishers = {},
  deployers = {},
}: Written): readonly Objection[] {
  return [
    ...(Object.keys(chartRepositories).length === 0
      ? [
          {
            path: ["chartRepositories"],
            what: "there is none",
            help: "Name at least one: without it nothing can be verified.",
          },
        ]
      : []),
    ...Object.entries(chartRepositories).flatMap(([name, repository]) =>
      repositoryObjections(name, repository),
    ),
    ...sharedSpellings(chartRepositories),
    ...Object.entries(publishers).flatMap(([name, { repository }]) =>
      Object.hasOwn(chartRepositories, repository)
        ? []
        : [
            {
              path: ["publishers", name, "repository"],
              what: `there is no chart repository "${repository}"`,
              help: "Name one of chartRepositories.",
            },
          ],
    ),
    ...Object.entries(deployers).flatMap(([name, deployer]) => deployerObjections(name, deployer)),
  ];
}

function repositoryObjections(
  name: string,
  { kind, url, username, password, token, fetchFrom }: Written["chartRepositories"][string],
): readonly Objection[] {
  const path = ["chartRepositories", name];
  const isOci = url.startsWith("oci:");
  return [
    ...(token !== undefined && username !== undefined
      ? [
          {
            path: [...path, "token"],
            what: "there is a username as well",
            help: "Keep username and password, or token.",
          },
        ]
      : []),
    ...(password !== undefined && username === undefined
      ? [{ path: [...path, "password"], what: "there is no username", help: "Add the username." }]
      : []),
    ...(isOci !== (kind === "oci")
      ? [
          {
            path: [...path, "kind"],
            what: isOci ? "an oci:// URL needs kind: oci" : "kind: oci needs an oci:// URL",
            help: "Make url and kind agree.",
          },
        ]
      : []),
    ...(fetchFrom?.startsWith("oci:") && kind !== "oci"
      ? [
          {
            path: [...path, "fetchFrom"],
            what: "it is an oci:// URL",
            help: "Write the http or https URL to read from.",
          },
        ]
      : []),
  ];
}

/** A spelling that two repositories share would make a chart of one be taken for the other's. */
function sharedSpellings(repositories: Written["chartRepositories"]): readonly Objection[] {
  const owners = new Map<string, string>();
  return Object.entries(repositories).flatMap(([name, { url, also = [] }]) =>
    [url, ...also].flatMap((spelling) => {
      const key = normaliseUrl(spelling) ?? spelling;
      const owner = owners.get(key) ?? name;
      owners.set(key, owner);
      return owner === name
        ? []
        : [
            {
              path: ["chartRepositories", name],
              what: `${spelling} is ${owner}'s already`,
              help: "Give each repository URLs of its own.",
            },
          ];
    }),
  );
}

function deployerObjections(
  name: string,
  { jenkins, webhook, username, token }: NonNullable<Written["deployers"]>[string],
): readonly Objection[] {
  const path = ["deployers", name];
  if ((jenkins === undefined) === (webhook === undefined)) {
    return [{ path, what: "it is either a jenkins or a webhook", help: "Set exactly one of the two keys." }];
  }
  if (jenkins !== undefined && (username === undefined || token === undefined)) {
    return [
      {
        path,
        what: "a jenkins needs username and token",
        help: "Set the user that may build the job, and its API token.",
      },
    ];
  }
  return webhook !== undefined && (username !== undefined || token !== undefined)
    ? [
        {
          path,
          what: "a webhook has no username or token",
          help: "Take them out: the secret signs the call.",
        },
      ]
    : [];
}
