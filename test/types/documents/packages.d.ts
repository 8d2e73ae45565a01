/** What the documents use of other packages, as these document it. */

declare module 'jose' {
  /** @see https://github.com/panva/jose/blob/main/docs/jwt/verify/functions/jwtVerify.md */
  export interface JWTPayload {
    iss?: string
    sub?: string
    aud?: string | string[]
    exp?: number
    [claim: string]: unknown
  }
  export interface JWTVerifyOptions {
    issuer?: string | string[]
    audience?: string | string[]
    algorithms?: string[]
  }
  export type KeySet = (header?: object, token?: object) => Promise<CryptoKey>
  export function createRemoteJWKSet(url: URL, options?: object): KeySet
  export function jwtVerify(
    jwt: string,
    getKey: KeySet,
    options?: JWTVerifyOptions,
  ): Promise<{ payload: JWTPayload; protectedHeader: { alg: string } }>
}

/** The file that Auth.js has the reader write: https://authjs.dev/getting-started/installation */
declare module '@/auth' {
  export interface Session {
    user?: { id?: string; name?: string | null; email?: string | null; image?: string | null }
    expires: string
  }
  export function auth(): Promise<Session | null>
}

declare module '@clerk/backend' {
  /** @see https://clerk.com/docs/references/backend/authenticate-request */
  export interface RequestState {
    toAuth(): { userId: string; sessionId: string } | { userId: null; sessionId: null } | null
  }
  export interface ClerkClient {
    authenticateRequest(
      request: Request,
      options?: { authorizedParties?: string[]; jwtKey?: string; audience?: string | string[] },
    ): Promise<RequestState>
  }
  export function createClerkClient(options: {
    secretKey?: string
    publishableKey?: string
  }): ClerkClient
}

declare module '@upstash/redis' {
  /** @see https://upstash.com/docs/redis/sdks/ts/getstarted */
  export const Redis: { fromEnv(): object }
}

declare module '@upstash/ratelimit' {
  type Unit = 'ms' | 's' | 'm' | 'h' | 'd'
  /** @see https://upstash.com/docs/redis/sdks/ratelimit-ts/methods */
  export class Ratelimit {
    constructor(config: { redis: object; limiter: unknown; prefix?: string; analytics?: boolean })
    static slidingWindow(tokens: number, window: `${number} ${Unit}` | `${number}${Unit}`): unknown
    limit(
      identifier: string,
      request?: { rate?: number; ip?: string },
    ): Promise<{ success: boolean; limit: number; remaining: number; reset: number }>
  }
}

declare module '@playwright/test' {
  interface Locator {
    first(): Locator
    click(): Promise<void>
  }
  interface FileChooser {
    setFiles(files: string | string[]): Promise<void>
  }
  interface Page {
    goto(url: string): Promise<unknown>
    waitForEvent(event: 'filechooser'): Promise<FileChooser>
    getByRole(role: 'button' | 'link' | 'listitem', options?: { name?: string | RegExp }): Locator
    getByText(text: string | RegExp): Locator
  }
  /** @see https://playwright.dev/docs/api/class-test */
  export function test(title: string, body: (fixtures: { page: Page }) => Promise<void>): void
  export function expect(locator: Locator): { toBeVisible(): Promise<void> }
}

declare module 'react-dropzone' {
  /** @see https://react-dropzone.js.org */
  export function useDropzone(options: {
    accept?: Record<string, readonly string[]>
    maxSize?: number
    maxFiles?: number
    onDrop?: (accepted: File[]) => void
  }): { getRootProps(): object; getInputProps(): object }
}

declare module '@astrojs/node' {
  export default function node(options: { mode: 'standalone' | 'middleware' }): object
}

declare module 'astro/config' {
  export function defineConfig(config: { adapter?: object }): object
}

declare module '@react-router/dev/vite' {
  export function reactRouter(): import('vite').PluginOption
}

declare module '@react-router/dev/routes' {
  export type RouteConfig = object[]
  export function index(file: string): object
  export function route(path: string, file: string): object
}

declare module 'react-router' {
  export const Links: () => null
  export const Meta: () => null
  export const Outlet: () => null
  export const Scripts: () => null
}

declare module '@tanstack/react-router' {
  type Component = () => import('react').ReactNode
  type Handler = (context: { request: Request }) => Response | Promise<Response>
  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'ANY'
  /** @see https://tanstack.com/start/latest/docs/framework/react/guide/routing */
  export function createRouter(options: { routeTree: object }): object
  export function createRootRoute(options: {
    head?: () => { meta?: object[]; links?: object[] }
    component: Component
  }): object
  /** @see https://tanstack.com/start/latest/docs/framework/react/guide/server-routes */
  export function createFileRoute(
    path: string,
  ): (options: {
    component?: Component
    server?: { handlers: Partial<Record<Method, Handler>> }
  }) => object
  export const HeadContent: () => null
  export const Outlet: () => null
  export const Scripts: () => null
}

declare module '@tanstack/react-start/plugin/vite' {
  export function tanstackStart(): import('vite').PluginOption
}

declare module '@vitejs/plugin-react' {
  export default function react(): import('vite').PluginOption
}

declare module '*.css'

/** What the reader copies from `examples/after-upload`. */
declare module '*/qencode.js' {
  type Hooks = import('bucket-upload/server').Hooks
  export function transcoding(options: {
    bucket: unknown
    apiKey: string
    callbackUrl: string
    jobs: Map<string, unknown>
  }): Required<Pick<Hooks, 'onUploaded' | 'status'>>
}

/** What the reader copies from the package, in the place of `bucket-upload`. */
declare module '*/bucket-upload.js' {
  export function loadRecorder(): Promise<void>
}
