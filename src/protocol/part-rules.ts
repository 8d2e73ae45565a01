/** How a bucket wants large files to be cut. All sizes in bytes. */
export interface PartRules {
  /** The smallest size of a part that is not the last. */
  minSize: number
  /** The size that is best, and not exceeded unless `maxCount` asks for it. */
  idealSize: number
  /** Sizes are a multiple of this. */
  multipleOf: number
  /** The most parts. */
  maxCount: number
}
