// Assumptions of the simulation. docs/scale.md gives the source of each figure.

/** Latency of GitHub in milliseconds. */
export const LATENCY = { query: 200, mutation: 800, rest: 300 };

/**
 * Milliseconds that a run of each kind blocks the event loop; `RENDERING_MS`: milliseconds of one core to render one
 * promotion.
 */
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

/** Concurrency of a replica, and of one owner within it: the server's defaults. */
export const CONCURRENCY = 10;
export const OF_OWNER = 8;

/** Requests for reading one repository in full. */
export const LOOK_REQUESTS = 3;

/**
 * Share of repositories that a sweep reads in full: an eighth is promoted per hour and another eighth merged, and two
 * sweeps read each changed one.
 */
export const LOOKED_AT = 0.4;
