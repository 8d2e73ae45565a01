/** Serves `app/api/sign/route.ts` of the current folder. Next.js does no more with it than to call it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nodeListener } from '../../../src/server/http/node.ts'

const route = await import(pathToFileURL(resolve('app/api/sign/route.ts')).href)

const server = createServer(
  nodeListener((request) => {
    const handler = route[request.method]
    return handler ? handler(request) : new Response(null, { status: 405 })
  }),
).listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
