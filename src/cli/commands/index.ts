import type { Command } from '../command.ts'
import { presignCommand } from './presign.ts'

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [presignCommand]
