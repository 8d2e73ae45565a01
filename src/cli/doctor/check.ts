import type { Bucket } from '../../server/index.ts'
import { type Answer, explainAnswer } from '../bucket/bucket-errors.ts'
import { CliError } from '../frame/cli-error.ts'

/** What the checks work with. */
export interface Patient {
  bucket: Bucket
  /** Where the page is, if it was named. */
  origin: string | undefined
  /** Seconds for which links should work. */
  expiresIn: number
  /** A random key, of which others may be made. */
  key: string
  /** Keys of objects that are to be removed in the end. */
  stored: Set<string>
  signal: AbortSignal
}

/** One thing that is looked at. */
export interface Check {
  /** For programs. */
  name: string
  /** For people: what holds when it is well. */
  title: string
  /** The checks that must have been well before. */
  needs: readonly string[]
  /** Without it all works, with less. */
  optional?: boolean
  /**
   * Looks at it.
   *
   * @returns `skip` with the reason where it cannot be looked at
   * @throws {CliError} with what to do
   */
  run(patient: Patient): Promise<{ skip: string } | undefined>
}

/** What is sent to the bucket. */
export const CONTENT = 'bucket-upload doctor\n'

/** Refuses an answer that is not a good one. */
export function demand(answer: Answer, { bucket }: Patient, ...statuses: number[]): Answer {
  const good = statuses.length > 0 ? statuses : [200, 204]
  if (good.includes(answer.status)) return answer
  throw explainAnswer(answer, bucket.bucket)
}

/** A finding, with what to do. */
export function finding(code: string, message: string): CliError {
  return new CliError(code, message)
}

/**
 * The signal of a request that changes the bucket: it is waited for, also after Ctrl-C. One that is
 * still on its way could be done after all has been cleared away.
 */
export function untilAnswered(): AbortSignal {
  return AbortSignal.timeout(10_000)
}
