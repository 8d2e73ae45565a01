import { TransferError } from './transport.ts'

/** What {@link putByXhr} sends. */
export interface XhrPut {
  /** Absolute URL. */
  url: string
  headers: Record<string, string>
  body: Blob
  /** Whether it is sent with credentials. */
  credentials: boolean
  /** How long it may make no progress, in ms. */
  stallTimeout: number
  /** Gets the number of bytes sent. */
  progress: (loaded: number) => void
  signal: AbortSignal
}

/**
 * Sends one PUT, once. Uppy's client cannot send credentials, and tries three times what gets no answer.
 *
 * @throws {TransferError} if it is not stored
 * @throws the reason of the signal, if that aborts
 */
export function putByXhr({ signal, ...put }: XhrPut): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted()
    const xhr = new XMLHttpRequest()
    let stall: ReturnType<typeof setTimeout> | undefined
    const giveUp = (reason: unknown) => {
      reject(reason)
      xhr.abort()
    }
    const abort = () => giveUp(signal.reason)
    const watch = () => {
      clearTimeout(stall)
      const stalled = () => giveUp(new TransferError(0, '', { stalled: true }))
      stall = setTimeout(stalled, put.stallTimeout)
    }
    xhr.open('PUT', put.url)
    xhr.withCredentials = put.credentials
    for (const [name, value] of Object.entries(put.headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = ({ loaded }) => {
      watch()
      put.progress(loaded)
    }
    xhr.onload = () => {
      const { status, responseText } = xhr
      if (status >= 200 && status < 300) resolve()
      else reject(new TransferError(status, responseText))
    }
    xhr.onerror = () => reject(new TransferError(0))
    // Follows each of them, and an abort.
    xhr.onloadend = () => {
      clearTimeout(stall)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    watch()
    xhr.send(put.body)
  })
}
