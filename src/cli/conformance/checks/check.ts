/** What a check is, and what it can find. */
import type { FileDescription } from '../../../protocol/index.ts'
import type { Answer, Probe } from './probe.ts'

/** `fault`: breaks the contract, or is unsafe. `warning`: allowed, but look at it. */
export type Verdict = 'ok' | 'warning' | 'fault' | 'skipped'

/** What a check found, in one sentence that has no URL and no secret. */
export interface Finding {
  verdict: Verdict
  said: string
}

/** What checks share. */
export interface Context {
  probe: Probe
  /** A file that the signer takes. */
  file: FileDescription
  /** The route that each file is for, if the signer has routes. */
  route: string | undefined
  /** The answer to the first `put`. */
  put: Answer
  /** The answer to the first `create`. */
  create: Answer
  /** Whether the caller gave headers that say who calls. */
  authorized: boolean
  /** Whether objects may be stored, which stay. */
  store: boolean
}

/** One rule of the contract. */
export interface Check {
  /** Stable, for programs. */
  id: string
  /** What it is about: an op, or the call as a whole. */
  about: 'call' | 'put' | 'create' | 'part' | 'parts' | 'abort' | 'link' | 'grant' | 'access'
  /** The rule, as a phrase. */
  title: string
  run(context: Context): Promise<Finding>
}

/** The rule is kept. */
export const ok = (said = ''): Finding => ({ verdict: 'ok', said })
/** The rule is kept, but it should be looked at. */
export const warning = (said: string): Finding => ({ verdict: 'warning', said })
/** The rule is broken. */
export const fault = (said: string): Finding => ({ verdict: 'fault', said })
/** The rule is about something that this signer does not do. */
export const skipped = (said: string): Finding => ({ verdict: 'skipped', said })

/** The first of several findings that is not `ok`. */
export function firstOf(findings: Finding[], otherwise: Finding): Finding {
  return findings.find(({ verdict }) => verdict !== 'ok') ?? otherwise
}
