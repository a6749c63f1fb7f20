// What the program calls itself to others.

/** That of package.json. */
export const VERSION = "0.1.0";
/** RFC 9110, section 10.1.5. */
export const USER_AGENT = `chart-promoter/${VERSION}`;
