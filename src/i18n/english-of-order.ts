/** The texts of what moves files, in English. They come with it. */
export const ENGLISH_OF_ORDER = {
  /** A handle that moves a file, and buttons that move it by one place: up or to the left, down or to the right. */
  move: 'Move',
  moveBack: 'Move toward the start',
  moveOn: 'Move toward the end',
  /** Where a file is that was just moved: "report.pdf, 2 of 5". */
  placeOf: '{name}, {place} of {count}',
} satisfies Record<string, string>
