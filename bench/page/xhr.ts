/** One request by XMLHttpRequest, with its progress listened to, as a page with a bar has to. */
export function send(
  method: string,
  url: string,
  body: Blob | string | null,
  headers: Record<string, string> = {},
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.addEventListener('progress', () => undefined)
    xhr.addEventListener('load', () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(xhr)
      else reject(new Error(`${method} was answered ${xhr.status}`))
    })
    xhr.addEventListener('error', () => reject(new Error(`${method} got no answer`)))
    xhr.send(body)
  })
}
