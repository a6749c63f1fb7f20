// URLs of one Jenkins job. All of them are below the URL in server.yaml, so that credentials never go to a host that
// only a response named.

/** URL of the Jenkins server of the job, without a trailing slash: the part before `/job/F/job/J`. */
export function rootOf(job: string): string {
  return job.replace(/(?:\/(?:view|job)\/[^/]+)+$/, "");
}

/** Maximum length of a URL in Jenkins' responses. */
const LONGEST = 4_000;

/**
 * Names of the folders and of the job, outermost first. Views are skipped: they are other paths to the same job. A
 * multibranch pipeline encodes the slash of a branch in the job's name, which its URL encodes again; it answers to either.
 */
function namesOf(job: string): readonly string[] {
  if (job.length > LONGEST) return [];
  const path = job.replace(/(?<!\/)\/+$/, "").match(/(?:\/(?:view|job)\/[^/]+)+$/)?.[0] ?? "";
  return [...path.matchAll(/\/job\/([^/]+)/g)].map(([, name = ""]) => decoded(decoded(name)));
}

export function isSameJob(one: string, other: string): boolean {
  return namesOf(one).join("/job/") === namesOf(other).join("/job/");
}

/** The job of `url`, which Jenkins gave, on the server of `job`. */
export function jobAt(job: string, url: string): string {
  const path = isSameJob(job, url) ? undefined : namesOf(url).map(encodeURIComponent).join("/job/");
  return path ? `${rootOf(job)}/job/${path}` : job;
}

/** `undefined` when the URL is not of a queue item. */
export function queueItem(job: string, location: string): string | undefined {
  const id = /(?:^|\/)queue\/item\/(\d+)\/?$/.exec(location)?.[1];
  return id === undefined ? undefined : `${rootOf(job)}/queue/item/${id}/`;
}

export function buildOf(job: string, number: number): string {
  return `${job}/${number}/`;
}

/** `undefined` for the URL of a queue item. */
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
