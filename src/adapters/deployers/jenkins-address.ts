// The addresses of one Jenkins job. Whatever Jenkins names is asked for below the address in server.yaml,
// so that credentials never go where only an answer pointed to.

/** Address of the Jenkins that the job is on, without a trailing slash: what stands before `/job/F/job/J`. */
export function rootOf(job: string): string {
  return job.replace(/(?:\/(?:view|job)\/[^/]+)+$/, "");
}

/** Characters of an address that Jenkins answers with; nobody has longer ones. */
const LONGEST = 4_000;

/** Names of the folders and of the job, outermost first. Views are only ways to look at the same job. */
function namesOf(job: string): readonly string[] {
  if (job.length > LONGEST) return [];
  const path = job.replace(/(?<!\/)\/+$/, "").match(/(?:\/(?:view|job)\/[^/]+)+$/)?.[0] ?? "";
  return [...path.matchAll(/\/job\/([^/]+)/g)].map(([, name = ""]) => decoded(name));
}

export function isSameJob(one: string, other: string): boolean {
  return namesOf(one).join("/") === namesOf(other).join("/");
}

/** `undefined` when the text names no queue item. */
export function queueItem(job: string, location: string): string | undefined {
  const id = /(?:^|\/)queue\/item\/(\d+)\/?$/.exec(location)?.[1];
  return id === undefined ? undefined : `${rootOf(job)}/queue/item/${id}/`;
}

export function buildOf(job: string, number: number): string {
  return `${job}/${number}/`;
}

/** `undefined` for the address of a queue item. */
export function buildNumber(url: string): number | undefined {
  const number = isQueueItem(url) ? undefined : /\/(\d+)\/$/.exec(url)?.[1];
  return number === undefined ? undefined : Number(number);
}

export function isQueueItem(url: string): boolean {
  return /\/queue\/item\/\d+\/$/.test(url);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
