/** What a hook was told, without what each of them gets of the call. */
export function withoutCall<T extends object>(told: T): Omit<T, 'request' | 'context' | 'route'> {
  const { request, context, route, ...rest } = { request: 0, context: 0, route: 0, ...told }
  return rest as Omit<T, 'request' | 'context' | 'route'>
}
