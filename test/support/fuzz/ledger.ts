/** What a signer has granted, as the fuzzer knows it: written down from the answers, not read from grants. */

/** A caller, as the fuzzer sends them. */
export interface Who {
  /** What the header says; `undefined` for a stranger. */
  name: string | undefined
  /** As `authorize` names them. */
  user: string | null
  /** "" or with a "/" at its end. */
  prefix: string
  /** Name of the bucket that is theirs. */
  bucket: string
}

/** One grant. */
export interface Granted {
  /** The grant itself. */
  text: string
  /** `put` for one file, `parts` for an upload, `done` for one that is complete, `discard` to take it back. */
  kind: 'put' | 'parts' | 'done' | 'discard'
  who: Who
  key: string
  /** Bytes. */
  size: number
  /** The type by which it is stored. */
  type: string
  /** The request that it was the answer to. */
  asked: Readonly<Record<string, unknown>>
  uploadId?: string
  /** Bytes. */
  partSize?: number
  /** What is to be taken back: its ETag, and when it was stored. */
  stored?: { etag: string; modified: string }
  /** In ms since 1970. */
  ends: number
}

/** A day, in ms. */
export const DAY = 86_400_000

export class Ledger {
  readonly all: Granted[] = []
  readonly #byText = new Map<string, Granted>()
  readonly #byKey = new Map<string, Granted[]>()
  readonly #byWho = new Map<string, Granted[]>()

  /** @returns the first grant with this text: to hand it out once more lengthens nothing */
  add(granted: Granted): Granted {
    const known = this.#byText.get(granted.text)
    if (known) return known
    this.#byText.set(granted.text, granted)
    this.all.push(granted)
    append(this.#byKey, placeOf(granted.who.bucket, granted.key), granted)
    append(this.#byWho, nameOf(granted.who), granted)
    return granted
  }

  find(text: unknown): Granted | undefined {
    return typeof text === 'string' ? this.#byText.get(text) : undefined
  }

  /** All grants for a key. */
  forKey(bucket: string, key: string): readonly Granted[] {
    return this.#byKey.get(placeOf(bucket, key)) ?? []
  }

  /** All grants of a caller, also those that have ended. */
  of(who: Who): readonly Granted[] {
    return this.#byWho.get(nameOf(who)) ?? []
  }
}

/** How many parts an upload has. */
export function countOf({ size, partSize = 1 }: Granted): number {
  return Math.max(1, Math.ceil(size / partSize))
}

/** The size of one part, in bytes: all are alike but the last. */
export function partOf(granted: Granted, number: number): number {
  const { size, partSize = 1 } = granted
  return number < countOf(granted) ? partSize : size - (countOf(granted) - 1) * partSize
}

/** Whether two callers are the same to a signer. */
export function isSame(one: Who, other: Who): boolean {
  return nameOf(one) === nameOf(other)
}

function nameOf({ user, prefix, bucket }: Who): string {
  return `${user} ${prefix} ${bucket}`
}

function placeOf(bucket: string, key: string): string {
  return `${bucket}/${key}`
}

function append(map: Map<string, Granted[]>, name: string, granted: Granted): void {
  const list = map.get(name)
  if (list) list.push(granted)
  else map.set(name, [granted])
}
