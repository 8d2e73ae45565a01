/**
 * Keeps the sentences of errors from being mutated: a test that compares each of them word by word
 * would say nothing that the code does not. Their codes are mutated.
 */
import type { Ignorer } from '@stryker-mutator/api/ignore'

/** As much of Babel's path as is looked at here. */
interface Path {
  node: { type: string; callee?: { name?: string }; id?: { name?: string } }
  parentPath: Path | null
  listKey?: string
  key: string | number | null
}

/** What only puts texts together. */
const TOGETHER = ['BinaryExpression', 'ConditionalExpression', 'TemplateLiteral']

export const messages: Ignorer = {
  shouldIgnore(found) {
    let path = found as Path
    if (!['StringLiteral', 'TemplateLiteral'].includes(path.node.type)) return undefined
    while (path.parentPath && TOGETHER.includes(path.parentPath.node.type)) path = path.parentPath
    return isMessage(path) ? 'The sentence of an error.' : undefined
  },
}

function isMessage({ parentPath, listKey, key }: Path): boolean {
  const { type, callee, id } = parentPath?.node ?? {}
  if (type === 'VariableDeclarator') return id?.name === 'message'
  if (type !== 'NewExpression' || listKey !== 'arguments') return false
  const name = callee?.name ?? ''
  // The first argument of a SignerError is its code.
  return name === 'SignerError' ? key === 1 : name.endsWith('Error') && key === 0
}
