// Validates a server against its own /openapi.json: every response must be documented and match its schema, and no
// accepted body may violate its schema.

import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { type Exchange, watchExchanges } from "./exchanges.ts";

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Operation {
  readonly requestBody?: Described;
  readonly responses: Readonly<Record<string, Described>>;
}

export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface KeptContract {
  /** Violations so far, one line each. */
  readonly faults: readonly string[];
  /** `POST /publish 202` for each kind of call seen. */
  readonly seen: ReadonlySet<string>;
  readonly end: () => void;
}

/** Contracts of this program's servers, by the setting that adds routes. */
const known = new Map<string, Promise<Contract>>();

/** Watches the server at this URL from now on. `dashboard`: its setting, which determines the routes. */
export async function watchContract(url: string, dashboard: string): Promise<KeptContract> {
  const fetched = known.get(dashboard) ?? fetchContract(url);
  known.set(dashboard, fetched);
  const contract = await fetched;
  const faults: string[] = [];
  const seen = new Set<string>();
  const end = watchExchanges(Number(new URL(url).port), (exchange) => {
    const { route, found } = judge(exchange, contract);
    seen.add(`${exchange.method} ${route} ${exchange.status}`);
    faults.push(...found.map((what) => `${exchange.method} ${exchange.path} ${exchange.status}: ${what}`));
  });
  return { faults, seen, end };
}

async function fetchContract(url: string): Promise<Contract> {
  return JSON.parse(await (await fetch(`${url}/openapi.json`)).text());
}

/** The violations of one exchange. `route`: path as written in the contract. */
export function judge(
  exchange: Exchange,
  contract: Contract,
): { readonly route: string; readonly found: readonly string[] } {
  const [route, methods] = Object.entries(contract.paths).find(([path]) => isAt(path, exchange.path)) ?? [];
  if (exchange.path === "/openapi.json" || exchange.method === "HEAD")
    return { route: route ?? exchange.path, found: [] };
  const operation = methods?.[exchange.method.toLowerCase()];
  const found = operation
    ? [...wrongRequest(exchange, operation), ...wrongAnswer(exchange, operation)]
    : wrongUnknown(exchange, contract);
  return { route: route ?? "unknown", found };
}

function isAt(route: string, path: string): boolean {
  const parts = path.split("/");
  const wanted = route.split("/");
  return (
    parts.length === wanted.length && wanted.every((part, at) => part.startsWith("{") || part === parts[at])
  );
}

/** A path that is not documented is an HTML page, or refused with a problem. */
function wrongUnknown(exchange: Exchange, { paths }: Contract): readonly string[] {
  if (exchange.mediaType.startsWith("text/")) return [];
  if (exchange.status < 400) return ["it is not in the contract"];
  const anywhere = Object.values(paths).flatMap(Object.values<Operation>)[0];
  return anywhere ? wrongAnswer(exchange, { responses: anywhere.responses }) : [];
}

/** An accepted body must match the schema; some systems get a 202 although theirs was refused. */
function wrongRequest({ status, sent, answered }: Exchange, { requestBody }: Operation): readonly string[] {
  const schema = requestBody?.content?.["application/json"]?.schema;
  if (status >= 300 || !schema) return [];
  if (!isJson(sent))
    return "refused" in Object(JSON.parse(answered.toString()))
      ? []
      : ["the request was taken, and is no JSON"];
  return faultsOf(schema, sent).map((what) => `the request was taken, and ${what}`);
}

function wrongAnswer({ status, mediaType, answered }: Exchange, { responses }: Operation): readonly string[] {
  const described = responses[status] ?? responses[`${Math.trunc(status / 100)}XX`] ?? responses["default"];
  if (!described) return ["the status is not in the contract"];
  const { content } = described;
  if (!content) return [];
  const offered = content[mediaType];
  if (!offered) return [`${mediaType || "no media type"} is not ${Object.keys(content).join(" or ")}`];
  if (!offered.schema || !/[/+]json$/.test(mediaType)) return [];
  return faultsOf(offered.schema, answered).map((what) => `of the answer ${what}`);
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
const compiled = new Map<string, ReturnType<typeof ajv.compile>>();

function faultsOf(schema: object, body: Buffer): readonly string[] {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile(schema);
  compiled.set(key, validate);
  void validate(JSON.parse(body.toString()));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
  );
}
