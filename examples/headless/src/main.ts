import { type FileSnapshot, filesFromDrop, formatBytes, UploadEngine } from 'bucket-upload/engine'

const engine = new UploadEngine({ signer: import.meta.env.VITE_SIGNER ?? '/sign', maxSize: 5e9 })
const [list, status, input] = [find('ul'), find('[role=status]'), find('input')] as [
  HTMLUListElement,
  HTMLElement,
  HTMLInputElement,
]

input.addEventListener('change', () => {
  engine.add(input.files ?? [])
  input.value = ''
})
document.addEventListener('dragover', (event) => event.preventDefault())
document.addEventListener('drop', async (event) => {
  event.preventDefault()
  if (event.dataTransfer) engine.add(await filesFromDrop(event.dataTransfer))
})

engine.addEventListener('change', () => list.replaceChildren(...engine.files.map(row)))
engine.addEventListener('file-rejected', ({ detail }) => say(detail.error.message))
engine.addEventListener('upload-progress', ({ detail: { loaded, total, active } }) => {
  if (active > 0) say(`${formatBytes(loaded)} of ${formatBytes(total)}`)
})
engine.addEventListener('upload-complete', ({ detail: { uploaded, failed } }) => {
  say(`${uploaded.length} uploaded, ${failed.length} failed.`)
})

/** The status tells which fields a file has, so each case is checked by the compiler. */
function row(file: FileSnapshot): HTMLLIElement {
  const item = document.createElement('li')
  switch (file.status) {
    case 'uploaded': {
      const link = document.createElement('a')
      link.href = file.downloadUrl ?? file.url
      link.textContent = file.name
      item.append(link)
      break
    }
    case 'failed':
      item.append(
        `${file.error.message} `,
        button('Try again', () => engine.retry(file.id)),
      )
      break
    case 'uploading': {
      const bar = document.createElement('progress')
      bar.setAttribute('aria-label', file.name)
      bar.max = file.size
      bar.value = file.loaded
      item.append(
        `${file.name} `,
        bar,
        button('Pause', () => engine.pause(file.id)),
      )
      break
    }
    case 'paused':
      item.append(
        `${file.name} `,
        button('Go on', () => engine.resume(file.id)),
      )
      break
    default:
      item.append(`${file.name}: ${file.status}`)
  }
  return item
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.textContent = text
  made.addEventListener('click', act)
  return made
}

function say(text: string): void {
  status.textContent = text
}

function find(selector: string): Element | null {
  return document.querySelector(selector)
}
