import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import type { Contestant } from './setup.ts'

/** @uppy/core and @uppy/aws-s3 as they come: nothing is set but how to sign. */
export const uppy: Contestant = async (files, { presign }) => {
  const core = new Uppy()
  core.use(AwsS3, {
    signRequest: async (request) => {
      const response = await fetch(presign, { method: 'POST', body: JSON.stringify(request) })
      return response.json()
    },
  })
  core.addFiles(files.map((data) => ({ name: data.name, type: data.type, data })))
  const result = await core.upload()
  core.destroy()
  const [failed] = result?.failed ?? []
  if (result === undefined || failed) throw new Error(`Uppy failed: ${failed?.error}`)
}
