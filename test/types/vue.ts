import type { UploadedFile } from 'bucket-upload'
import { BucketUpload, type BucketUploadList, bucketUpload } from 'bucket-upload/vue'
import { createApp, type GlobalComponents, h } from 'vue'

type Props = InstanceType<typeof BucketUpload>['$props']

export const props: Props = {
  signer: '/sign',
  maxSize: '5MB',
  multiple: true,
  modelValue: [],
  'onUpdate:modelValue': (files: readonly UploadedFile[]) => console.log(files.length),
  onFileUploaded: ({ detail }) => console.log(detail.key),
}
// @ts-expect-error: it takes a text or a number.
export const wrong: Props = { maxSize: true }
// @ts-expect-error: a list has no value.
export const list: InstanceType<typeof BucketUploadList>['$props'] = { modelValue: [] }
export const named: GlobalComponents['BucketUpload'] = BucketUpload

createApp({ render: () => h(BucketUpload, props) }).use(bucketUpload)
