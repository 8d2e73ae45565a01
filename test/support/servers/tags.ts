/** The tags of an object, read and written without the code that is tested. */
import { AwsClient } from 'aws4fetch'
import type { Gateway } from './ceph.ts'
import { objectUrl } from './s3-admin.ts'

type Tags = Record<string, string>

async function send(gateway: Gateway, bucket: string, key: string, init?: RequestInit) {
  const client = new AwsClient({ ...gateway, service: 's3', retries: 0 })
  const answer = await client.fetch(`${objectUrl(gateway, bucket, key)}?tagging`, init)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return text
}

/** All tags of an object. */
export async function tagsOf(gateway: Gateway, bucket: string, key: string): Promise<Tags> {
  const xml = await send(gateway, bucket, key)
  const pairs = xml.matchAll(/<Key>([^<]*)<\/Key><Value>([^<]*)<\/Value>/g)
  return Object.fromEntries(
    [...pairs].map(([, name = '', value = '']) => [plain(name), plain(value)]),
  )
}

/** Replaces the tags of an object. */
export async function writeTags(
  gateway: Gateway,
  bucket: string,
  key: string,
  tags: Tags,
): Promise<void> {
  const items = Object.entries(tags).map(
    ([name, value]) => `<Tag><Key>${escaped(name)}</Key><Value>${escaped(value)}</Value></Tag>`,
  )
  const body = `<Tagging><TagSet>${items.join('')}</TagSet></Tagging>`
  await send(gateway, bucket, key, { method: 'PUT', body })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function plain(xml: string): string {
  return xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
