import { createHash } from 'node:crypto'
import { escapeXml, NAMESPACE } from '../../s3/complete-xml.ts'
import type { LifecycleRule } from '../../s3/lifecycle.ts'
import { elements, rootOf, textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { explainAnswer } from './bucket-errors.ts'
import { ask } from './bucket-request.ts'

/**
 * The lifecycle rules of a bucket, each as its inner XML, in which nothing is lost; none where it has no
 * configuration.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
 * @throws {CliError}
 */
export async function readLifecycle(bucket: Bucket, signal: AbortSignal): Promise<string[]> {
  const answer = await ask(bucket, { method: 'GET', query: { lifecycle: '' } }, signal)
  if (textOf(answer.body, 'Code') === 'NoSuchLifecycleConfiguration') return []
  if (rootOf(answer.body) !== 'LifecycleConfiguration') throw explainAnswer(answer, bucket.bucket)
  return elements(answer.body, 'Rule')
}

/**
 * Stores rules in the place of all that there were.
 *
 * @param rules the inner XML of each
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 * @throws {CliError}
 */
export async function writeLifecycle(
  bucket: Bucket,
  rules: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const inner = rules.map((xml) => `<Rule>${xml}</Rule>`).join('')
  const body = `<LifecycleConfiguration xmlns="${NAMESPACE}">${inner}</LifecycleConfiguration>`
  const headers = {
    'Content-MD5': createHash('md5').update(body).digest('base64'),
    'Content-Type': 'application/xml',
  }
  const query = { lifecycle: '' }
  const answer = await ask(bucket, { method: 'PUT', query, headers, body }, signal)
  if (answer.status < 200 || answer.status > 299) throw explainAnswer(answer, bucket.bucket)
}

/** A rule as the inner XML of its element. */
export function lifecycleXml(rule: LifecycleRule): string {
  const { ID, Status, Filter, AbortIncompleteMultipartUpload: abort, Expiration } = rule
  const filter =
    'Tag' in Filter
      ? element('Tag', element('Key', Filter.Tag.Key) + element('Value', Filter.Tag.Value), true)
      : element('Prefix', Filter.Prefix)
  return [
    element('ID', ID),
    element('Filter', filter, true),
    element('Status', Status),
    Expiration && element('Expiration', element('Days', `${Expiration.Days}`), true),
    abort &&
      element(
        'AbortIncompleteMultipartUpload',
        element('DaysAfterInitiation', `${abort.DaysAfterInitiation}`),
        true,
      ),
  ].join('')
}

function element(name: string, content: string, isXml = false): string {
  return `<${name}>${isXml ? content : escapeXml(content)}</${name}>`
}

/** Whether a stored rule has that id. */
export function hasId(xml: string, { ID }: LifecycleRule): boolean {
  return textOf(xml, 'ID') === ID
}

/** Whether a stored rule says what a rule of ours says. A server may write it in another order. */
export function saysTheSame(xml: string, rule: LifecycleRule): boolean {
  const names = ['ID', 'Status', 'Key', 'Value', 'Days', 'DaysAfterInitiation', 'Prefix']
  const wanted = lifecycleXml(rule)
  return names.every((name) => textOf(xml, name) === textOf(wanted, name))
}

/** Whether a stored rule removes the unfinished uploads of the whole bucket. */
export function removesUnfinished(xml: string): boolean {
  const [abort] = elements(xml, 'AbortIncompleteMultipartUpload')
  const isForAll = textOf(xml, 'Prefix') === '' && elements(xml, 'Tag').length === 0
  return abort !== undefined && textOf(xml, 'Status') === 'Enabled' && isForAll
}
