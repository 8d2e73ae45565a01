/**
 * Vue components for our elements. Importing them registers the elements in a browser, and touches
 * nothing on a server.
 *
 * @module
 */
import type { App, Plugin } from 'vue'
import '../../define.ts'
import { type Component, toComponent } from './component.ts'

export type { Component } from './component.ts'

/** `<bucket-upload>`: Uploads files into an S3 bucket and hands back download links. */
export const BucketUpload = toComponent('bucket-upload', 'BucketUpload')

/** `<bucket-upload-button>`: Opens the file dialog for an upload. */
export const BucketUploadButton = toComponent('bucket-upload-button', 'BucketUploadButton')

/** `<bucket-upload-drop-zone>`: Takes dropped files for an upload. */
export const BucketUploadDropZone = toComponent('bucket-upload-drop-zone', 'BucketUploadDropZone')

/** `<bucket-upload-existing>`: Lists the files that a form has already, to keep or to remove. */
export const BucketUploadExisting = toComponent('bucket-upload-existing', 'BucketUploadExisting')

/** `<bucket-upload-field>`: A form field for one file. */
export const BucketUploadField = toComponent('bucket-upload-field', 'BucketUploadField')

/** `<bucket-upload-interrupted>`: Continues uploads that were interrupted by a reload or a crash. */
export const BucketUploadInterrupted = toComponent(
  'bucket-upload-interrupted',
  'BucketUploadInterrupted',
)

/** `<bucket-upload-list>`: Lists the files of an upload. */
export const BucketUploadList = toComponent('bucket-upload-list', 'BucketUploadList')

/** `<bucket-upload-messages>`: Shows which files were rejected, and announces the progress to screen readers. */
export const BucketUploadMessages = toComponent('bucket-upload-messages', 'BucketUploadMessages')

/** `<bucket-upload-progress>`: Progress over all files of an upload. */
export const BucketUploadProgress = toComponent('bucket-upload-progress', 'BucketUploadProgress')

/** `<bucket-upload-recorder>`: Records camera, microphone or screen, and uploads it meanwhile. Loaded when it is used. */
export const BucketUploadRecorder = toComponent(
  'bucket-upload-recorder',
  'BucketUploadRecorder',
  () => import('../../recorder.ts'),
)

const COMPONENTS = {
  BucketUpload,
  BucketUploadButton,
  BucketUploadDropZone,
  BucketUploadExisting,
  BucketUploadField,
  BucketUploadInterrupted,
  BucketUploadList,
  BucketUploadMessages,
  BucketUploadProgress,
  BucketUploadRecorder,
}

/** Registers all components for every template: `app.use(bucketUpload)`. */
export const bucketUpload: Plugin<[]> = {
  install(app: App) {
    for (const [name, component] of Object.entries(COMPONENTS)) app.component(name, component)
  },
}

declare module 'vue' {
  interface GlobalComponents {
    BucketUpload: Component<'bucket-upload'>
    BucketUploadButton: Component<'bucket-upload-button'>
    BucketUploadDropZone: Component<'bucket-upload-drop-zone'>
    BucketUploadExisting: Component<'bucket-upload-existing'>
    BucketUploadField: Component<'bucket-upload-field'>
    BucketUploadInterrupted: Component<'bucket-upload-interrupted'>
    BucketUploadList: Component<'bucket-upload-list'>
    BucketUploadMessages: Component<'bucket-upload-messages'>
    BucketUploadProgress: Component<'bucket-upload-progress'>
    BucketUploadRecorder: Component<'bucket-upload-recorder'>
  }
}
