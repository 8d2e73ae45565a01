import { formatSize } from '../../util/format-size.ts'
import { parsePrefix } from '../bucket/s3-address.ts'
import { findBucket, TARGET_OPTIONS } from '../bucket/target.ts'
import { usageError } from '../frame/cli-error.ts'
import { type Command, EXIT, type Io } from '../frame/command.ts'
import { printable } from '../frame/printable.ts'
import { type Listed, listPages, type Page } from '../objects/listing.ts'

/** Lists objects. */
export const lsCommand: Command = {
  name: 'ls',
  summary: 'list the objects in a bucket',
  usage: ['ls [s3://bucket/prefix] [--recursive]'],
  about:
    'Lists what begins with the prefix, up to the next "/": end it with "/" for what is in a folder.\nWithout an address it is the bucket of BUCKET_UPLOAD_BUCKET.',
  options: {
    recursive: { type: 'boolean', help: 'list also what is in folders' },
    ...TARGET_OPTIONS,
  },
  async run(values, [text, ...more], io) {
    if (more.length > 0) throw usageError('bad-argument', `"${more[0]}" is one argument too many.`)
    const { bucket: name, key: prefix } = parsePrefix(text, io.env.BUCKET_UPLOAD_BUCKET)
    const bucket = await findBucket(name, values, io)
    const all: Page = { objects: [], folders: [] }
    let [count, size] = [0, 0]
    for await (const page of listPages(bucket, prefix, values.recursive ? '' : '/', io.signal)) {
      count += page.objects.length + page.folders.length
      size += page.objects.reduce((sum, object) => sum + object.size, 0)
      if (io.json) {
        all.objects.push(...page.objects)
        all.folders.push(...page.folders)
      } else print(page, io)
    }
    if (io.json) io.out(JSON.stringify({ bucket: name, prefix, ...all }))
    else if (count === 0) io.err(`Nothing begins with "s3://${name}/${printable(prefix)}".`)
    else io.err(`${count} listed, ${formatSize(size)}`)
    return EXIT.ok
  },
}

function print({ objects, folders }: Page, io: Io): void {
  for (const folder of folders) io.out(`${''.padStart(32)}${printable(folder)}`)
  for (const object of objects) io.out(line(object))
}

function line({ key, size, modified }: Listed): string {
  const date = modified.replace(/\.\d+(?=Z)/, '').padEnd(20)
  return `${date}${formatSize(size).padStart(10)}  ${printable(key)}`
}
