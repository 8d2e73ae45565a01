/** What browser tests need of Uppy besides the library: plugins, as a bundler of a page would pack them. */
export { default as Compressor } from '@uppy/compressor'
export { BasePlugin } from '@uppy/core'
export { default as Webcam } from '@uppy/webcam'
