/** What `authorize` and `routes` say has its type in the hooks. Compiled against the package as published. */
import {
  type Bucket,
  type Caller,
  createSigner,
  readReceipt,
  type SignerConfig,
  s3,
} from 'bucket-upload/server'

const bucket = s3({ bucket: 'photos', accessKeyId: 'a', secretAccessKey: 'b' })
declare function planOf(request: Request): Promise<{ id: string; plan: 'free' | 'paid' } | null>

// A context from an async function that may refuse, and routes by their names.
createSigner({
  bucket,
  authorize: async (request) => {
    const user = await planOf(request)
    return user && { user: user.id, context: { plan: user.plan }, routes: ['avatar'] }
  },
  routes: {
    avatar: {
      accept: 'image/*',
      key: ({ id, context, route }) => {
        const name: 'avatar' = route
        // @ts-expect-error: there is no such plan.
        if (context.plan === 'gold') return id
        return `${name}/${context.plan}/${id}`
      },
      onUploaded: ({ context, request, etag }) =>
        console.log(context.plan.toUpperCase(), request.url, etag),
    },
    film: {
      maxSize: '50GB',
      objectOptions: ({ route, context }) => ({ metadata: { route, plan: context.plan } }),
      onSigned: ({ route }) => {
        // @ts-expect-error: the other route is not this one.
        if (route === 'avatar') console.log(route)
      },
    },
  },
  defaultRoute: 'avatar',
  onSigned: ({ route, context }) => {
    const either: 'avatar' | 'film' = route
    const { plan }: { plan: 'free' | 'paid' } = context
    console.log(either, plan)
    // @ts-expect-error: there is none of that name.
    if (route === 'avatr') console.log(route)
  },
  links: ({ key, route, context }) => {
    // A link by key has none.
    const some: 'avatar' | 'film' | undefined = route
    return `https://${context.plan}.example/${some}/${key}`
  },
  rateLimit: ({ context, files }) => (context.plan === 'free' && files > 5 ? 60 : undefined),
})

// Without routes, and without a context.
createSigner({
  bucket,
  authorize: () => ({ user: '42' }),
  onSigned: ({ route, context, user }) => {
    const none: undefined = route
    const nothing: undefined = context
    console.log(none, nothing, user)
  },
})
createSigner({ bucket, authorize: 'everybody', key: ({ id, route }) => `${route}${id}` })

// A bucket by caller may come first where what it gets is named.
createSigner({
  bucket: ({ context }: Caller<{ tenant: string }>) => s3({ bucket: context?.tenant ?? '' }),
  secret: '0123456789abcdef',
  authorize: () => ({ context: { tenant: 'a' } }),
  onSigned: ({ context }) => console.log(context.tenant.length),
})

// @ts-expect-error: no route is called so.
createSigner({ bucket, authorize: 'everybody', routes: { avatar: {} }, defaultRoute: 'film' })
// @ts-expect-error: a slip.
createSigner({ bucket, authorize: 'everybody', routes: { avatar: { maxsize: 5 } } })
// @ts-expect-error: links are the signer's.
createSigner({ bucket, authorize: 'everybody', routes: { avatar: { links: () => '' } } })

// What is made elsewhere, of which only the kind is known.
export function make(config: SignerConfig) {
  return createSigner(config)
}

const { key, size, expiresAt, user } = readReceipt('0123456789abcdef', 'v1.', { user: 42 })
console.log(key.length, size.toFixed(), expiresAt.getTime(), user?.length)
// @ts-expect-error: a receipt is for nothing else.
readReceipt('0123456789abcdef', 'v1.', { name: 'x' })

// A bucket is made by a preset, and what is in it is nobody's business.
const one: Bucket = bucket
createSigner({ bucket: one, authorize: 'everybody' })
// @ts-expect-error: these are no bucket, whatever their names are.
createSigner({ bucket: { bucket: 'photos', region: 'us-east-1' }, authorize: 'everybody' })
// @ts-expect-error: there are no fields.
console.log(one.endpoint)
