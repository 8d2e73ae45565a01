/**
 * The one file for `<script type="module" src="…/bucket-upload.js">`: everything inside, registered.
 *
 * @module
 */
export * from './define.ts'
