// What a worker keeps for itself, told before one is started: its environment is this process's. glibc keeps what threads freed for
// each of them apart, and returns little of it, unless it is told otherwise (mallopt(3)).

const RETURNED_FROM = String(128 * 1024);

function keepLittle(): void {
  process.env["MALLOC_ARENA_MAX"] ??= "2";
  process.env["MALLOC_MMAP_THRESHOLD_"] ??= RETURNED_FROM;
  process.env["MALLOC_TRIM_THRESHOLD_"] ??= RETURNED_FROM;
}

/** Jest's `globalSetup`: what `require` answers. */
export { keepLittle as "module.exports" };
