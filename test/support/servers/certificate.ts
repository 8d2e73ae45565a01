import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate for localhost and the names below it, with its key; both in PEM. */
export interface Certificate {
  key: string
  cert: string
  /** With this flag Chromium trusts it. */
  flag: string
}

/**
 * Makes one that signs itself; its files stay in the folder.
 *
 * @param more other names. Node.js takes no `*.localhost`
 */
export function makeCertificate(folder: string, ...more: string[]): Certificate {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const kind = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const names = [
    '-subj',
    '/CN=localhost',
    '-addext',
    `subjectAltName=${['localhost', '*.localhost', ...more].map((name) => `DNS:${name}`)}`,
  ]
  const files = ['-keyout', keyFile, '-out', certFile]
  execFileSync('openssl', ['req', ...kind, ...names, ...files], { stdio: 'ignore' })
  const cert = readFileSync(certFile, 'utf8')
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  const hash = createHash('sha256').update(publicKey).digest('base64')
  return {
    key: readFileSync(keyFile, 'utf8'),
    cert,
    flag: `--ignore-certificate-errors-spki-list=${hash}`,
  }
}
