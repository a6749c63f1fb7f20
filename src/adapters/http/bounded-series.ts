// How many series the metrics have whose labels come from repositories: whoever writes to one would have as many as they like, of
// what everybody's Prometheus keeps.

const MOST_OF_REPOSITORY = 200;
const MOST = 5_000;

/** The first of each repository, as far as there is room for all. */
export function bounded<Row extends { readonly repository: string }>(rows: readonly Row[]): readonly Row[] {
  const counts = new Map<string, number>();
  const fair = rows.filter(({ repository }) => {
    const count = (counts.get(repository) ?? 0) + 1;
    counts.set(repository, count);
    return count <= MOST_OF_REPOSITORY;
  });
  return fair.slice(0, MOST);
}
