// Decides which entries of a packed chart's tar are read as files, and which make the whole archive invalid.

import { clip } from "../../../domain/model/clip.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import type { ArchiveLimits } from "./archive-limits.ts";
import { archiveInvalid, fileTooLarge } from "./archive-problem.ts";
import type { TarHeaders } from "./tar-headers.ts";

export interface EntryHeader {
  readonly name: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
}

const LONGEST_SHOWN = 200;

const FILES = new Set(["file", "contiguous-file"]);

export class ArchiveFiles {
  /** By path relative to the chart's own folder. */
  readonly files = new Map<string, Uint8Array>();
  readonly #limits: ArchiveLimits;
  #entries = 0;
  #folder: string | undefined;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  /** Why the next entry makes the archive invalid, checked before its contents are read. */
  refuse({ name, type, size }: EntryHeader): Problem | undefined {
    const { entries, fileBytes } = this.#limits;
    this.#entries += 1;
    if (this.#entries > entries) return archiveInvalid(`it has more than ${entries} entries`);
    const fault =
      this.#faultOf(name) ?? (type === "directory" || FILES.has(type) ? undefined : `is a ${type}`);
    if (fault !== undefined)
      return archiveInvalid(`its entry ${JSON.stringify(clip(name, LONGEST_SHOWN))} ${fault}`);
    return size > fileBytes ? fileTooLarge(name, fileBytes) : undefined;
  }

  /** Why the blocks that may be headers make the archive invalid, including those of PAX and GNU's long names. */
  refuseHeaders({ count, largestExtension }: TarHeaders): Problem | undefined {
    const { entries, extensionBytes } = this.#limits;
    if (count > entries) return archiveInvalid(`it has more than ${entries} entries`);
    return largestExtension > extensionBytes
      ? archiveInvalid(`it has an extended header of more than ${extensionBytes} bytes`)
      : undefined;
  }

  /** Reads an entry, or returns why it makes the archive invalid. */
  take({ name, type }: EntryHeader, bytes: Uint8Array): Problem | undefined {
    if (type === "directory") return undefined;
    const [folder = "", ...parts] = partsOf(name);
    const path = parts.join("/");
    if (path === "") return archiveInvalid(`its entry ${JSON.stringify(name)} is outside the chart's folder`);
    this.#folder ??= folder;
    if (folder !== this.#folder)
      return archiveInvalid(`it holds two folders, "${this.#folder}" and "${folder}"`);
    if (this.files.has(path)) return archiveInvalid(`it holds "${path}" twice`);
    this.files.set(path, bytes);
    return undefined;
  }

  #faultOf(name: string): string | undefined {
    if (name.length > this.#limits.pathLength)
      return `has a path of more than ${this.#limits.pathLength} characters`;
    const parts = partsOf(name);
    if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "has an absolute path";
    if (parts.includes("..")) return "leaves the chart's folder";
    if (hasControlCharacter(name) || name.includes("\\")) return "has a character no path should have";
    if (parts.length - 1 > this.#limits.depth) return `is more than ${this.#limits.depth} folders deep`;
    return undefined;
  }
}

function partsOf(name: string): readonly string[] {
  return name.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
}

function hasControlCharacter(name: string): boolean {
  return /\p{Cc}/u.test(name);
}
