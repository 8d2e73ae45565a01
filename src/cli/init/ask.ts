import { createInterface } from 'node:readline/promises'
import { didYouMean } from '../../util/suggest.ts'
import { usageError } from '../frame/cli-error.ts'
import { type Io, textOption, type Values } from '../frame/command.ts'

/** One question, with its answers by the names that the option takes. */
export interface Question {
  option: string
  text: string
  answers: Readonly<Record<string, { title: string }>>
}

/**
 * The answer that the option gives, or else the person at the terminal.
 *
 * @throws {CliError} `bad-option`, `missing-argument` where there is no terminal
 */
export async function answerTo(question: Question, values: Values, io: Io): Promise<string> {
  const { option, text, answers } = question
  const names = Object.keys(answers)
  const given = textOption(values, option)
  if (given !== undefined) {
    if (names.includes(given)) return given
    const meant = didYouMean(given, names)
    throw usageError(
      'bad-option',
      `"--${option}" is "${given}".${meant} One of: ${names.join(', ')}.`,
    )
  }
  if (!io.interactive || !process.stdin.isTTY) {
    throw usageError('missing-argument', `Say "--${option}": one of ${names.join(', ')}.`)
  }
  const list = names.map((name, index) => `  ${index + 1}  ${answers[name]?.title}`)
  io.err(`${io.style('bold', text)}\n${list.join('\n')}`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    for (;;) {
      const line = await terminal.question('> ', { signal: io.signal })
      const answer = names[Number(line) - 1] ?? names.find((name) => name === line.trim())
      if (answer !== undefined) return answer
      io.err(`A number from 1 to ${names.length}, please.`)
    }
  } finally {
    terminal.close()
  }
}
