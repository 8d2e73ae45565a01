import { type AnyNode, type Identifier, parse } from 'acorn'

/** What a script uses and has, by name. */
export interface Names {
  /** Global names, such as `AbortSignal`; and what is taken of them, such as `AbortSignal.any`. */
  globals: Set<string>
  /** What is taken of any other object, such as `databases`. */
  members: Set<string>
  /** Members that the script itself makes. */
  own: Set<string>
}

/**
 * Reads a module.
 *
 * @throws SyntaxError if it is no module of that version of ECMAScript
 */
export function namesIn(code: string, ecmaVersion: 2022): Names {
  const names: Names = { globals: new Set(), members: new Set(), own: new Set() }
  visit(parse(code, { ecmaVersion, sourceType: 'module' }), names)
  return names
}

function visit(node: AnyNode, names: Names): void {
  switch (node.type) {
    case 'MemberExpression':
      if (node.computed || node.property.type !== 'Identifier') break
      names.members.add(node.property.name)
      if (node.object.type === 'Identifier') {
        names.globals.add(`${node.object.name}.${node.property.name}`)
      }
      visit(node.object, names)
      return
    case 'ObjectPattern':
      for (const property of node.properties) {
        if (property.type === 'Property' && !property.computed) {
          addName(property.key, names.members)
          visit(property.value, names)
        } else visit(property, names)
      }
      return
    case 'AssignmentExpression':
      if (node.left.type === 'MemberExpression') addName(node.left.property, names.own)
      break
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      if (node.computed) break
      addName(node.key, names.own)
      if (node.value) visit(node.value, names)
      return
    case 'ImportSpecifier':
    case 'ExportSpecifier':
      visit(node.local, names)
      return
    case 'Identifier':
      names.globals.add(node.name)
  }
  for (const child of Object.values(node).flat()) {
    if (typeof child?.type === 'string') visit(child, names)
  }
}

function addName(node: AnyNode, names: Set<string>): void {
  if (node.type === 'Identifier') names.add((node as Identifier).name)
}
