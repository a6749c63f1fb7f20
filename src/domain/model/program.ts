// The name of the program in requests to others.

/** Same as in package.json. */
export const VERSION = "0.1.0";
/** User-Agent header (RFC 9110, section 10.1.5). */
export const USER_AGENT = `chart-promoter/${VERSION}`;
