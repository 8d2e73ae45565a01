import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { FileOnDisk } from '../browsers/picked-file.ts'
import { type Random, seededRandom } from '../random.ts'

/** A file to upload. */
export interface ChaosFile extends FileOnDisk {
  size: number
}

/** How many files, and how large. */
export interface FileSet {
  seed: number
  files: number
  /** Bytes. */
  maxSize: number
}

/** Of all files, how many are up to a twentieth of the largest, and how many up to its size. */
const MEDIUM = 0.1
const LARGE = 0.03
/** Bytes. What one write carries. */
const BLOCK = 2 ** 20

/** Writes files with random content into a folder; their sizes depend on the seed alone. */
export function makeFiles(folder: string, set: FileSet): ChaosFile[] {
  return writeFiles(folder, sizes(set))
}

/**
 * Writes files of these sizes, with random content.
 *
 * @param first number of the first one, which is its name
 */
export function writeFiles(folder: string, sizes: number[], first = 0): ChaosFile[] {
  return sizes.map((size, index) => {
    const name = `${String(first + index).padStart(4, '0')}.bin`
    const path = join(folder, name)
    return { name, path, size, sha256: fill(path, size) }
  })
}

/** One is empty, one is as large as can be, and most are small, as in the folders of real people. */
function sizes({ seed, files, maxSize }: FileSet): number[] {
  const random = seededRandom(seed)
  const fixed = [0, maxSize].slice(0, files)
  const others = Array.from({ length: files - fixed.length }, () => someSize(random, maxSize))
  return [...fixed, ...others]
}

function someSize(random: Random, maxSize: number): number {
  const kind = random()
  const small = Math.min(100_000, maxSize)
  const medium = Math.max(small, maxSize / 20)
  if (kind < LARGE) return between(random, medium, maxSize)
  if (kind < LARGE + MEDIUM) return between(random, small, medium)
  return Math.floor(random() * small)
}

/** Of each order of magnitude as many. */
export function between(random: Random, low: number, high: number): number {
  return Math.floor(low * (high / low) ** random())
}

function fill(path: string, size: number): string {
  const hash = createHash('sha256')
  const file = openSync(path, 'w')
  for (let left = size; left > 0; left -= BLOCK) {
    const block = randomBytes(Math.min(left, BLOCK))
    hash.update(block)
    writeSync(file, block)
  }
  closeSync(file)
  return hash.digest('hex')
}
