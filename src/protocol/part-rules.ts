/** The limits of a bucket on parts. All sizes in bytes. */
export interface PartRules {
  /** The smallest part, except the last one. */
  minSize: number
  /** The best size. Parts are larger only if `maxCount` requires it. */
  idealSize: number
  /** Part sizes are a multiple of this. */
  multipleOf: number
  /** The largest number of parts. */
  maxCount: number
}
