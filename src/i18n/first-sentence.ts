/** The first sentence of an error: what happened, without the advice. Thai ends it with a wide space. */
export function firstSentence(text: string): string {
  return /^.*?([.؟।](?= |$)|。|(?=\u2002))/.exec(text)?.[0] ?? text
}
