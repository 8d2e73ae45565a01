/** How long a lane has to be in use before its speed counts, in ms. */
const MEASURED_AFTER = 1_000
/** After so much time in use, in ms, what was measured before counts half. */
const MEMORY = 20_000
/** How often in turn a lane that has worked may fail. */
const MOST_FAILURES = 3

/** One way to the bucket, and what is known of it. */
interface Lane {
  /** Bytes that are left of the parts on their way. */
  left: number
  /** How many parts are on their way. */
  moving: number
  /** Bytes that were sent, and how long that took in ms. */
  sent: number
  busy: number
  /** Until when `busy` is counted. */
  at: number
  hasWorked: boolean
  /** Since it has worked last. */
  failures: number
  /** Failures of which it is not known yet whether it was the lane's fault. */
  doubts: number
  isOff: boolean
}

/**
 * Chooses by which lane a part goes: by the one that will have it stored first, as far as that is known. So
 * each lane gets as much as it carries, and one that is much slower than the others gets nothing.
 */
export class LaneChoice {
  readonly #now: () => number
  readonly #lanes = new Map<string, Lane>()

  /** @param now a clock, in ms */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /**
   * Chooses a lane for a part.
   *
   * @param names all lanes that there are. The first one is never given up
   */
  take(names: readonly string[], bytes: number): LaneRun {
    const lanes = names.map((name) => this.#lane(name))
    const speeds = lanes.map((lane) => this.#speed(lane))
    const best = Math.max(...speeds.map((speed) => speed ?? 0)) || 1
    let index = 0
    let soonest = Number.POSITIVE_INFINITY
    lanes.forEach((lane, at) => {
      // Of a lane that may be slow, one part is enough to know it.
      const isTried = speeds[at] === undefined && lane.moving > 0
      if (at > 0 && (lane.isOff || lane.doubts > 0 || isTried)) return
      const time = (lane.left + bytes) / (speeds[at] ?? best)
      if (time < soonest) {
        soonest = time
        index = at
      }
    })
    const lane = lanes[index] as Lane
    this.#count(lane)
    return new LaneRun(index, bytes, lane, () => this.#count(lane))
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name)
    if (known) return known
    const counts = { left: 0, moving: 0, sent: 0, busy: 0, at: this.#now(), failures: 0, doubts: 0 }
    const lane = { ...counts, hasWorked: false, isOff: false }
    this.#lanes.set(name, lane)
    return lane
  }

  /** Bytes a ms; `undefined` if it is not known yet. */
  #speed(lane: Lane): number | undefined {
    this.#count(lane)
    // A lane on which nothing moves is slow, and not unknown.
    return lane.busy < MEASURED_AFTER ? undefined : Math.max(lane.sent, 1) / lane.busy
  }

  /** Counts the time in which the lane was in use. */
  #count(lane: Lane): void {
    const now = this.#now()
    if (lane.moving > 0) lane.busy += now - lane.at
    lane.at = now
    if (lane.busy <= MEMORY) return
    lane.busy /= 2
    lane.sent /= 2
  }
}

/** One part on its lane. */
export class LaneRun {
  /** Which of the lanes it is. */
  readonly index: number
  readonly #bytes: number
  readonly #lane: Lane
  readonly #count: () => void
  #loaded = 0

  constructor(index: number, bytes: number, lane: Lane, count: () => void) {
    this.index = index
    this.#bytes = bytes
    this.#lane = lane
    this.#count = count
    lane.moving++
    lane.left += bytes
  }

  /** @param loaded bytes that were sent so far; less than before if the request begins again */
  progress(loaded: number): void {
    this.#lane.sent += Math.max(0, loaded - this.#loaded)
    this.#lane.left -= loaded - this.#loaded
    this.#loaded = loaded
  }

  /** The part is stored. */
  stored(): void {
    this.progress(this.#bytes)
    this.stopped()
    this.#lane.hasWorked = true
    this.#lane.failures = 0
  }

  /** The part was given up, for a reason that says nothing of the lane. */
  stopped(): void {
    this.#count()
    this.#lane.moving--
    this.#lane.left -= this.#bytes - this.#loaded
  }

  /**
   * The part was not stored. The lane is not used until it is known whose fault that is.
   *
   * @returns a function that says it: true if the first lane could store the part
   */
  failed(): (isLanes: boolean) => void {
    const lane = this.#lane
    this.stopped()
    lane.doubts++
    return (isLanes) => {
      lane.doubts--
      if (!isLanes) return
      lane.failures++
      if (!lane.hasWorked || lane.failures >= MOST_FAILURES) lane.isOff = true
    }
  }
}
