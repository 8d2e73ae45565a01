import type { Command } from '../frame/command.ts'
import { abortUnfinishedCommand } from './abort-unfinished.ts'
import { conformanceCommand } from './conformance.ts'
import { copyCommand } from './copy.ts'
import { corsCommands } from './cors.ts'
import { doctorCommand } from './doctor.ts'
import { downloadCommand } from './download.ts'
import { initCommand } from './init.ts'
import { lifecycleCommand } from './lifecycle.ts'
import { lsCommand } from './ls.ts'
import { presignCommand } from './presign.ts'
import { rmCommand } from './rm.ts'
import { serveCommand } from './serve.ts'
import { statCommand } from './stat.ts'
import { uploadCommand } from './upload.ts'

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  copyCommand,
  presignCommand,
  uploadCommand,
  downloadCommand,
  lsCommand,
  statCommand,
  rmCommand,
  abortUnfinishedCommand,
  corsCommands,
  lifecycleCommand,
  doctorCommand,
  serveCommand,
  conformanceCommand,
]
