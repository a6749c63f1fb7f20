// Globs: `*` matches any run of characters, `?` one, everything else itself.

/** In time proportional to both lengths, whatever the pattern: backtracks to the last `*` only. */
export function matchesGlob(glob: string, text: string): boolean {
  let inGlob = 0;
  let inText = 0;
  let star = -1;
  let starText = 0;
  while (inText < text.length) {
    if (glob[inGlob] === "*") {
      star = inGlob;
      starText = inText;
      inGlob += 1;
    } else if (glob[inGlob] === "?" || glob[inGlob] === text[inText]) {
      inGlob += 1;
      inText += 1;
    } else if (star !== -1) {
      starText += 1;
      inText = starText;
      inGlob = star + 1;
    } else return false;
  }
  return /^\**$/.test(glob.slice(inGlob));
}

/** Owners and repository names are case-insensitive, as on GitHub. */
export function matchesRepository(globs: readonly string[], repository: string): boolean {
  return globs.some((glob) => matchesGlob(glob.toLowerCase(), repository.toLowerCase()));
}
