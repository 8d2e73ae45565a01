/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Address of the signer. Without it, `/sign` on the page's own origin. */
  readonly VITE_SIGNER?: string
}
