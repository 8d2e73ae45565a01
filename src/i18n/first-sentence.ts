/** What happened, without the advice that follows. Thai has no full stop, but a wide space. */
export function firstSentence(text: string): string {
  return /^.*?([.؟।](?= |$)|。|(?=\u2002))/.exec(text)?.[0] ?? text
}
