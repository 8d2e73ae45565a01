/**
 * What the command line and the demo need of the signer besides its public API. No entry of the
 * package: it may change at any time.
 */
export { createOwnSigner, issueOwnGrant } from './create-signer.ts'
export { checkKey, encodeKey } from './keys/key.ts'
export { contentDisposition } from './links/disposition.ts'
export { cleanMediaType } from './links/media-type.ts'
export { toHeaders } from './object-options/to-headers.ts'
export { callPreset, type PlaceOptions } from './providers/presets.ts'
export { keysOf, uploadKeysOf } from './sign/access-keys.ts'
export { signForm } from './sign/post-policy.ts'
export { presign, type SignOptions, signAny } from './sign/presign.ts'
export { bucketUrl } from './sign/signing.ts'
