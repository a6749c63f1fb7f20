// A cache of the archives used last, by digest, limited in bytes. The content of a digest never changes.

export interface ArchiveCache {
  /** `undefined` when it is not cached. */
  readonly get: (digest: string) => Uint8Array | undefined;
  readonly put: (digest: string, packed: Uint8Array) => void;
}

/** In memory; an archive larger than the whole cache is not cached. */
export function archiveCache(maxBytes: number): ArchiveCache {
  const kept = new Map<string, Uint8Array>();
  let size = 0;
  const drop = (digest: string) => {
    size -= kept.get(digest)?.length ?? 0;
    kept.delete(digest);
  };
  return {
    get: (digest) => {
      const packed = kept.get(digest);
      if (packed === undefined) return undefined;
      kept.delete(digest);
      kept.set(digest, packed);
      return packed;
    },
    put: (digest, packed) => {
      drop(digest);
      if (packed.length > maxBytes) return;
      kept.set(digest, packed);
      size += packed.length;
      for (const oldest of kept.keys()) if (size > maxBytes) drop(oldest);
    },
  };
}
