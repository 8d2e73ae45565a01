/** Temporary keys, as Ceph's Security Token Service issues them. */
import { AwsClient } from 'aws4fetch'
import type { AccessKeys } from '../../../src/server/index.ts'
import type { Gateway } from './ceph.ts'

/** Any user of the gateway may take the role. */
const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam:::user/test'] },
      Action: ['sts:AssumeRole'],
    },
  ],
}

/**
 * Makes a role, or makes it anew.
 *
 * @param actions what it may do with every bucket and object, such as `s3:PutObject`
 */
export async function createRole(gateway: Gateway, name: string, actions: string[]): Promise<void> {
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::*' }],
  }
  await ask(gateway, 'CreateRole', {
    RoleName: name,
    Path: '/',
    AssumeRolePolicyDocument: JSON.stringify(TRUST),
  })
  await ask(gateway, 'PutRolePolicy', {
    RoleName: name,
    PolicyName: 'only',
    PolicyDocument: JSON.stringify(policy),
  })
}

/** Temporary keys of a role, for a quarter of an hour: no server issues shorter ones. */
export async function assumeRole(gateway: Gateway, name: string): Promise<Required<AccessKeys>> {
  const xml = await ask(gateway, 'AssumeRole', {
    RoleArn: `arn:aws:iam:::role/${name}`,
    RoleSessionName: 'test',
    DurationSeconds: '900',
  })
  const field = (tag: string) => new RegExp(`<${tag}>([^<]+)<`).exec(xml)?.[1] ?? ''
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
    expiresAt: field('Expiration'),
  }
}

async function ask(
  { endpoint, region, accessKeyId, secretAccessKey }: Gateway,
  action: string,
  fields: Record<string, string>,
): Promise<string> {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 'sts', retries: 0 })
  const query = new URLSearchParams({ Action: action, ...fields })
  const response = await client.fetch(`${endpoint}/?${query}`, { method: 'POST' })
  const text = await response.text()
  if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`)
  return text
}
