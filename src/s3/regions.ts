/** The regions of the providers, as far as they are known. */

/**
 * The regions of Amazon S3, to find what a typo meant. New ones come every year: a name that is built
 * like these is accepted even if it is not here.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export const AWS_REGIONS = [
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

/** How a region of Amazon S3 is named. */
export const AWS_REGION_NAME =
  /^(us|us-gov|ca|mx|sa|eu|af|il|me|ap|cn)-(central|(north|south)(east|west)?|east|west)-\d$/

/**
 * Every region that Qencode has published.
 *
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
 */
export const QENCODE_REGIONS = ['us-west', 'eu-central'] as const

/**
 * Every location with a public endpoint, which is the only kind that a browser can reach.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-endpoints
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-advanced-endpoints
 */
export const IBM_COS_REGIONS = [
  // Regional
  'us-south',
  'us-east',
  'eu-gb',
  'eu-de',
  'eu-es',
  'au-syd',
  'jp-tok',
  'jp-osa',
  'ca-tor',
  'ca-mon',
  'br-sao',
  'in-che',
  'in-mum',
  // Cross-region
  'us',
  'eu',
  'ap',
  // Tethered: one access point of a cross-region location
  'dal.us',
  'sjc.us',
  'wdc.us',
  'ams.eu',
  'fra.eu',
  'tok.ap',
  'syd.ap',
  'osa.ap',
  // Single site
  'ams03',
  'che01',
  'mon01',
  'par01',
  'sjc04',
  'sng01',
] as const

/**
 * Locations that IBM has shut down.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-endpoints
 */
export const IBM_COS_CLOSED = [
  'mel01',
  'mex01',
  'tor01',
  'osl01',
  'hkg02',
  'seo01',
  'mil01',
] as const
