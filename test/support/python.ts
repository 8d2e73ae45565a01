export { findPython } from '../../scripts/lib/python.ts'
