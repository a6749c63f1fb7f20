// What the schema of server.yaml cannot express: rules between its keys.

import { normaliseUrl } from "../domain/model/chart/chart-repository.ts";
import type { WrittenSettings } from "./schema.ts";
import { loginObjections } from "./secret-source.ts";
import type { SettingsObjection } from "./settings-objection.ts";

export function settingsObjections({
  chartRepositories,
  publishers = {},
  deployers = {},
  notifications = [],
  imageRegistries = {},
}: WrittenSettings): readonly SettingsObjection[] {
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
    ...Object.entries(imageRegistries).flatMap(([host, registry]) =>
      loginObjections(["imageRegistries", host], registry ?? {}),
    ),
    ...Object.entries(publishers).flatMap(([name, { secret, oidc }]) =>
      secret === undefined && oidc === undefined ? [notLetIn(name)] : [],
    ),
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
    ...notifications.flatMap((recipient, index) => recipientObjections(recipient, index)),
    ...sharedNames(notifications),
  ];
}

function notLetIn(name: string): SettingsObjection {
  return {
    path: ["publishers", name],
    what: "nothing lets it in",
    help: "Give it a secret, or an oidc with the issuer of its tokens.",
  };
}

function repositoryObjections(
  name: string,
  { kind, url, fetchFrom, ...login }: WrittenSettings["chartRepositories"][string],
): readonly SettingsObjection[] {
  const path = ["chartRepositories", name];
  const isOci = url.startsWith("oci:");
  return [
    ...loginObjections(path, login),
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

/** With a URL shared by two repositories, a chart of one would be taken for the other's. */
function sharedSpellings(repositories: WrittenSettings["chartRepositories"]): readonly SettingsObjection[] {
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

type WrittenRecipient = NonNullable<WrittenSettings["notifications"]>[number];

function recipientObjections(recipient: WrittenRecipient, index: number): readonly SettingsObjection[] {
  const path = ["notifications", index];
  const { slack, teams, webhook, cdevents, secret } = recipient;
  if ([slack, teams, webhook, cdevents].filter((url) => url !== undefined).length !== 1)
    return [
      {
        path,
        what: "it is one of slack, teams, webhook and cdevents",
        help: "Set exactly one of the four to the address.",
      },
    ];
  if (webhook !== undefined && secret === undefined)
    return [{ path, what: "a webhook needs a secret", help: "Set the secret that signs what is sent." }];
  return secret !== undefined && (slack ?? teams) !== undefined
    ? [{ path: [...path, "secret"], what: "it signs nothing there", help: "Take it out." }]
    : [];
}

function sharedNames(recipients: readonly WrittenRecipient[]): readonly SettingsObjection[] {
  return recipients.flatMap(({ name }, index) =>
    recipients.findIndex((one) => one.name === name) === index
      ? []
      : [
          {
            path: ["notifications", index, "name"],
            what: `"${name}" is another one's already`,
            help: "Give each a name of its own: what is still to be told is kept by it.",
          },
        ],
  );
}

function deployerObjections(
  name: string,
  { jenkins, webhook, username, token }: NonNullable<WrittenSettings["deployers"]>[string],
): readonly SettingsObjection[] {
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
