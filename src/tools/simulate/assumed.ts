// What the simulation does not find out but is told. docs/scale.md says where each figure comes from.

/** Milliseconds until GitHub answers. */
export const LATENCY = { query: 200, mutation: 800, rest: 300 };

/** Milliseconds of the event loop for a run of each kind, and of one core for the rendering of one promotion. */
export const OWN_MS = {
  publish: 8,
  repository: 15,
  promotion: 20,
  check: 10,
  deployment: 8,
  installation: 5,
  glance: 10,
};
export const RENDERING_MS = 1_000;

export const CORES_OF_REPLICA = 2;

/** Keys that a replica works on at once, and of one owner: the server's default. */
export const CONCURRENCY = 10;
export const OF_OWNER = 8;

/** Requests for one repository that is looked at in full. */
export const LOOK_REQUESTS = 3;

/**
 * The share of repositories that the sweep looks at in full: an eighth is promoted in an hour and as many are merged, and what
 * changed is looked at by two sweeps.
 */
export const LOOKED_AT = 0.4;
