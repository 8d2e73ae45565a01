import { formatSize } from '../../util/format-size.ts'
import type { Io } from '../frame/command.ts'

/** Milliseconds between two drawings. */
const PAUSE = 100

/** Draws how far one file has come, where a terminal is. */
export class Progress {
  readonly #io: Io
  readonly #name: string
  readonly #total: number | undefined
  readonly #start = Date.now()
  #loaded = 0
  #drawn = 0

  /** @param total bytes, if known */
  constructor(io: Io, name: string, total: number | undefined) {
    this.#io = io
    this.#name = name
    this.#total = total
  }

  /** Counts bytes; fewer than none when they must be sent again. */
  add(bytes: number): void {
    this.#loaded += bytes
    if (!this.#io.interactive || Date.now() - this.#drawn < PAUSE) return
    this.#drawn = Date.now()
    this.#io.draw(this.#line())
  }

  /** Takes the line away. */
  end(): void {
    this.#io.draw('')
  }

  #line(): string {
    const seconds = (Date.now() - this.#start) / 1000
    const speed = seconds > 0 ? this.#loaded / seconds : 0
    const facts = [formatSize(this.#loaded), `${formatSize(Math.round(speed))}/s`]
    if (this.#total === undefined) return `${short(this.#name)}  ${facts.join('  ')}`
    const share = this.#total === 0 ? 1 : Math.min(1, this.#loaded / this.#total)
    const left = speed > 0 ? Math.max(0, Math.ceil((this.#total - this.#loaded) / speed)) : 0
    const filled = Math.round(share * 20)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`
    const percent = `${Math.floor(share * 100)}%`.padStart(4)
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    return `${short(this.#name)}  ${bar} ${percent}  ${facts.join('  ')}  ${time}`
  }
}

/** A terminal breaks a line that is too long, and then it cannot be drawn over. */
function short(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name
}
