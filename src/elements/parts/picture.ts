/** Width and height of a picture, in pixels of its own: twice what is shown at most. */
const SIZE = 160

/**
 * Draws the middle of a picture onto a canvas, decoded off the main thread.
 *
 * @param isWanted whether it is still to be drawn, once it is decoded
 * @returns false where nothing was drawn: it is no picture that this browser knows
 */
export async function drawPicture(
  file: Blob,
  canvas: HTMLCanvasElement,
  isWanted: () => boolean,
): Promise<boolean> {
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  const context = canvas.getContext('2d')
  if (!bitmap || !context || !isWanted()) return false
  canvas.width = SIZE
  canvas.height = SIZE
  const side = Math.min(bitmap.width, bitmap.height)
  const [left, top] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2]
  context.drawImage(bitmap, left, top, side, side, 0, 0, SIZE, SIZE)
  bitmap.close()
  return true
}
