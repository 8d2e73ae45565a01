import { checkRegion } from '../server/providers/make-bucket.ts'

/**
 * The regions of Amazon S3, for finding what a typo meant. New ones come every year: one that is
 * built like these is taken, also if it is not here.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
const AWS_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'ca-west-1',
  'mx-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'af-south-1',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'us-gov-east-1',
  'us-gov-west-1',
  'cn-north-1',
  'cn-northwest-1',
]

const SHAPE =
  /^(us|us-gov|ca|mx|sa|eu|af|il|me|ap|cn)-(central|(north|south)(east|west)?|east|west)-\d$/

/**
 * Refuses what is no region of Amazon S3.
 *
 * @throws {Error} that asks for the name that was most likely meant
 */
export function checkAwsRegion(region: string): void {
  if (typeof region === 'string' && SHAPE.test(region)) return
  checkRegion('Amazon S3', region, AWS_REGIONS)
}
