import { AWS_REGION_NAME, AWS_REGIONS } from '../../s3/regions.ts'
import { suggest } from '../../util/suggest.ts'

/**
 * Refuses a region that the provider does not have.
 *
 * @throws {Error} that asks for the name that was most likely meant, and lists the valid ones
 */
export function checkRegion(provider: string, region: string, known: readonly string[]): void {
  if (known.includes(region)) return
  const list = `Use one of: ${known.join(', ')}.`
  if (region === undefined || region === '') {
    throw new Error(`"region" is missing: ${provider} needs the one of the bucket. ${list}`)
  }
  const meant = suggest(String(region), known)
  throw new Error(
    `"region" for ${provider} is "${region}", which is not a region of theirs. ` +
      `${meant ? `Did you mean ${meant}? ` : ''}${list}`,
  )
}

/**
 * Refuses a region that is not one of Amazon S3.
 *
 * @throws {Error} that asks for the name that was most likely meant
 */
export function checkAwsRegion(region: string): void {
  if (typeof region === 'string' && AWS_REGION_NAME.test(region)) return
  checkRegion('Amazon S3', region, AWS_REGIONS)
}
