import { spawnSync } from 'node:child_process'
import { isProgram, whichAll } from './which.ts'

/** A Python that has boto3: the system's own, to which apt adds it, before any other. */
export function locatePython(): string | undefined {
  const candidates = ['/usr/bin/python3', ...whichAll('python3'), ...whichAll('python')]
  return [...new Set(candidates)].filter(isProgram).find(hasBoto3)
}

/** Like `locatePython`, for what cannot go on without. */
export function findPython(): string {
  const path = locatePython()
  if (path === undefined) throw new Error('No Python with boto3 found: pip install boto3')
  return path
}

function hasBoto3(python: string): boolean {
  return spawnSync(python, ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0
}
