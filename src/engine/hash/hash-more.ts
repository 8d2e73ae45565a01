/**
 * The worker for signers that require a checksum: MD5, and all checksums that S3 knows.
 *
 * @module
 */
import { createCRC32, createCRC64, createMD5, createSHA1, createSHA256 } from 'hash-wasm'
import { serve } from './hash-loop.ts'
import { withWebAssembly } from './web-assembly.ts'

/** The polynomials of CRC-32C and of CRC-64/NVME, in the reversed notation that hash-wasm takes. */
const CRC32C = 0x82f63b78
const CRC64_NVME = '9a6c9329ac4bc9b5'

serve(
  withWebAssembly({
    md5: createMD5,
    crc32: () => createCRC32(),
    crc32c: () => createCRC32(CRC32C),
    crc64nvme: () => createCRC64(CRC64_NVME),
    sha1: createSHA1,
    sha256: createSHA256,
  }),
)
