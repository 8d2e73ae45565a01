import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a script of this Node.js to its end, in a folder of the project.
 *
 * @param env what to change in the environment; `undefined` takes a variable away
 * @throws {Error} with all that it printed, when it fails
 */
export function runNode(
  args: string[],
  { folder = '.', env = {} }: { folder?: string; env?: Record<string, string | undefined> } = {},
): Promise<void> {
  const options = { cwd: `${root}/${folder}`, env: { ...process.env, ...env } }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`))
      else resolve()
    })
  })
}
