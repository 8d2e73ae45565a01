/** Runs Schemathesis, which makes calls of `schema/openapi.json`, against a signer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPENAPI_FILE } from '../../../scripts/lib/openapi.ts'
import { locatePythonOf, SCHEMATHESIS } from '../../../scripts/lib/python.ts'
import { type Ran, runProgram } from '../command.ts'

/** A Python that has it; `undefined` where it could not be installed. */
export const SCHEMATHESIS_PYTHON = locatePythonOf(SCHEMATHESIS)

/**
 * Two of its checks do not fit: a wrong request is refused in its own place, in an answer of status 200;
 * and that the ids of a call differ, no schema can say.
 */
const UNFIT = 'negative_data_rejection,positive_data_acceptance'

/**
 * @param site that has the signer at `/sign`
 * @param proof of who calls, where the signer wants one
 */
export async function runSchemathesis(
  site: string,
  proof: Record<string, string> = {},
  { seed = 1, examples = 100 } = {},
): Promise<Ran> {
  // It writes down what it has tried, where it runs.
  const cwd = mkdtempSync(join(tmpdir(), 'schemathesis-'))
  const headers = Object.entries(proof).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const tries = ['--seed', `${seed}`, '--max-examples', `${examples}`, '--exclude-checks', UNFIT]
  const args = ['-m', 'schemathesis.cli', 'run', OPENAPI_FILE, '--url', site, ...tries, ...headers]
  try {
    return await runProgram(SCHEMATHESIS_PYTHON ?? '', args, { cwd })
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}
