// Shows where the files go, and what the element tells the page.
const upload = document.querySelector('bucket-upload')
const log = document.querySelector('#log')

const { provider, bucket, endpoint } = await (await fetch('/bucket.json')).json()
document.querySelector('#bucket').textContent =
  `${bucket} at ${new URL(endpoint).host} (${provider})`

const describe = {
  'files-added': ({ files }) => `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
  'file-rejected': ({ error }) => error.message,
  'upload-started': ({ name }) => name,
  'file-uploaded': ({ name, key }) => `${name} is stored as ${key}`,
  'file-failed': ({ error }) => `${error.code}: ${error.message}`,
  'upload-complete': ({ uploaded, failed }) =>
    `${uploaded.length} uploaded, ${failed.length} failed`,
}

for (const [name, text] of Object.entries(describe)) {
  upload.addEventListener(name, ({ detail }) => {
    const line = document.createElement('li')
    const code = document.createElement('code')
    code.textContent = name
    line.append(code, ` ${text(detail)}`)
    log.prepend(line)
  })
}
