import { createHash } from 'node:crypto'
import { escapeXml, NAMESPACE } from '../../s3/complete-xml.ts'
import type { CorsRule } from '../../s3/cors.ts'
import { elements, rootOf, textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { explainAnswer } from './bucket-errors.ts'
import { ask } from './bucket-request.ts'

/** A rule as the bucket has it: as XML, in which nothing is lost, and what we read of it. */
export interface StoredRule {
  xml: string
  rule: Partial<CorsRule>
}

/**
 * The rules of a bucket; none where it has no configuration.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
 * @throws {CliError}
 */
export async function readRules(bucket: Bucket, signal: AbortSignal): Promise<StoredRule[]> {
  const answer = await ask(bucket, { method: 'GET', query: { cors: '' } }, signal)
  if (textOf(answer.body, 'Code') === 'NoSuchCORSConfiguration') return []
  if (rootOf(answer.body) !== 'CORSConfiguration') throw explainAnswer(answer, bucket.bucket)
  return elements(answer.body, 'CORSRule').map((xml) => ({ xml, rule: parseRule(xml) }))
}

/**
 * Stores rules in the place of all that there were.
 *
 * @param rules the inner XML of each
 * @throws {CliError}
 */
export async function writeRules(
  bucket: Bucket,
  rules: string[],
  signal: AbortSignal,
): Promise<void> {
  const inner = rules.map((xml) => `<CORSRule>${xml}</CORSRule>`).join('')
  const body = `<CORSConfiguration xmlns="${NAMESPACE}">${inner}</CORSConfiguration>`
  const headers = {
    // Asked for by Amazon S3, which would also take newer checksums.
    'Content-MD5': createHash('md5').update(body).digest('base64'),
    'Content-Type': 'application/xml',
  }
  const answer = await ask(bucket, { method: 'PUT', query: { cors: '' }, headers, body }, signal)
  if (answer.status < 200 || answer.status > 299) throw explainAnswer(answer, bucket.bucket)
}

const LISTS: [keyof CorsRule, element: string][] = [
  ['AllowedOrigins', 'AllowedOrigin'],
  ['AllowedMethods', 'AllowedMethod'],
  ['AllowedHeaders', 'AllowedHeader'],
  ['ExposeHeaders', 'ExposeHeader'],
]

/** A rule as the inner XML of its element. */
export function ruleXml(rule: CorsRule): string {
  const lists = LISTS.flatMap(([name, element]) =>
    (rule[name] as string[]).map((text) => `<${element}>${escapeXml(text)}</${element}>`),
  )
  return `${lists.join('')}<MaxAgeSeconds>${rule.MaxAgeSeconds}</MaxAgeSeconds>`
}

function parseRule(xml: string): Partial<CorsRule> {
  const rule: Record<string, unknown> = {}
  for (const [name, element] of LISTS) {
    const texts = elements(xml, element).map((inner) => textOf(`<t>${inner}</t>`, 't'))
    if (texts.length > 0) rule[name] = texts
  }
  const age = textOf(xml, 'MaxAgeSeconds')
  if (age !== '') rule.MaxAgeSeconds = Number(age)
  return rule
}

/** Whether two rules say the same, in whatever order. */
export function isSameRule(a: Partial<CorsRule>, b: Partial<CorsRule>): boolean {
  const sorted = (rule: Partial<CorsRule>) =>
    JSON.stringify([
      ...LISTS.map(([name]) => [...((rule[name] as string[]) ?? [])].sort()),
      rule.MaxAgeSeconds,
    ])
  return sorted(a) === sorted(b)
}
