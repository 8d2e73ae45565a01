import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import './fix-s3rver.ts'
import S3rver from '@20minutes/s3rver'

/** A bucket on this computer, and the keys that open it. */
export interface EmbeddedS3 {
  /** For instance `http://127.0.0.1:4568`; the bucket is named in the path. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** Ends the server and its connections, and removes all that was uploaded. */
  stop(): Promise<void>
}

/** The only ones that the server knows. */
const KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

/** Any page may use the bucket, and may read the ETag that completes a large upload. */
const CORS = `<CORSConfiguration><CORSRule>
<AllowedOrigin>*</AllowedOrigin>
<AllowedMethod>GET</AllowedMethod>
<AllowedMethod>HEAD</AllowedMethod>
<AllowedMethod>PUT</AllowedMethod>
<AllowedMethod>POST</AllowedMethod>
<AllowedMethod>DELETE</AllowedMethod>
<AllowedHeader>*</AllowedHeader>
<ExposeHeader>ETag</ExposeHeader>
</CORSRule></CORSConfiguration>`

export interface EmbeddedS3Options {
  /** The bucket to create; `demo` if not given. */
  bucket?: string
  /** The port to listen on; a free one if not given. */
  port?: number
  /** An empty folder for what is uploaded; a temporary one if not given. Removed at the end. */
  directory?: string
}

/**
 * Starts an S3 server inside this process, on a loopback port, with its data in a temporary folder:
 * what the demo and quick tests upload to. The folder goes when the server is stopped or the
 * process exits; a process that a signal may end has to handle it and exit.
 */
export async function startEmbeddedS3(options: EmbeddedS3Options = {}): Promise<EmbeddedS3> {
  const { bucket = 'demo', port = 0 } = options
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 's3-'))
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', remove)
  const server = new S3rver({
    address: '127.0.0.1',
    port,
    directory,
    silent: true,
    configureBuckets: [{ name: bucket, configs: [CORS] }],
  })
  const { port: listening } = await server.run()
  return {
    endpoint: `http://127.0.0.1:${listening}`,
    bucket,
    region: 'us-east-1',
    ...KEYS,
    async stop() {
      const closed = server.close()
      server.httpServer.closeAllConnections()
      await closed
      process.off('exit', remove)
      remove()
    },
  }
}
