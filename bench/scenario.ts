import type { Stage } from './stage.ts'

/** A demand that a figure has to meet. */
export interface Goal {
  text: string
  met: boolean
}

/** What a scenario found out. */
export interface Result {
  head: string[]
  rows: string[][]
  goals: Goal[]
  /** One sentence for people who read no tables. */
  inShort?: string
}

/** Something to measure. */
export interface Scenario {
  /** How to select it on the command line. */
  name: string
  title: string
  /** One or two sentences. */
  about: string
  /** @param runs how often each contestant runs; all once, then all once more */
  measure(stage: Stage, runs: number): Promise<Result>
}

/** The one in the middle, or the mean of the two. */
export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (sorted.length - 1) / 2
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2
}

/** A number with its digits after the point. */
export function show(value: number, digits = 1): string {
  return value.toFixed(digits)
}

/** "6.5 times". */
export function times(value: number): string {
  return `${show(value, 2)}×`
}

/** How a goal shows its figures. */
type Show = (value: number) => string

/** A figure that must not be above a limit. */
export function atMost(limit: number, what: string, value: number, shown: Show = times): Goal {
  return { text: `${what}: at most ${shown(limit)}, is ${shown(value)}`, met: value <= limit }
}

/** A figure that must not be below a limit. */
export function atLeast(limit: number, what: string, value: number, shown: Show = times): Goal {
  return { text: `${what}: at least ${shown(limit)}, is ${shown(value)}`, met: value >= limit }
}

/** For figures in some unit. */
export function inUnit(unit: string, digits = 0): Show {
  return (value) => `${show(value, digits)}${unit}`
}
