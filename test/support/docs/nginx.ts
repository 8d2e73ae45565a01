/** nginx, with a part of its settings from a document. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NGINX } from '../../../scripts/lib/system.ts'
import { which } from '../../../scripts/lib/which.ts'
import { freePorts } from '../servers/ports.ts'
import { untilAnswered } from './until-answered.ts'

/** Where nginx listens. */
export interface Nginx {
  port: number
  stop(): Promise<void>
}

/** Whether there is an nginx to test with. */
export const hasNginx = NGINX.isThere()

/**
 * Starts nginx.
 *
 * @param location what is in its `server` block besides `listen`
 * @throws {Error} with its output, if it does not start
 */
export async function startNginx(location: string): Promise<Nginx> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  writeFileSync(join(folder, 'nginx.conf'), settings(location, port))
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']
  const child = spawn(which('nginx') ?? 'nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  await Promise.race([
    untilAnswered(port),
    ended.then(() => {
      throw new Error(`nginx has ended.\n${said}`)
    }),
  ])
  return { port, stop }
}

/** Without a master process it needs no other user, and ends at once. */
function settings(location: string, port: number): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off; master_process off; pid nginx.pid; error_log stderr error;
events {}
http {
  access_log off;
  ${folders.map((name) => `${name}_temp_path ${name};`).join(' ')}
  server {
    listen 127.0.0.1:${port};
${location}
  }
}
`
}
