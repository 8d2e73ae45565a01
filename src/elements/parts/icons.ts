import { icon } from './icon.ts'

const SHEET = 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zv5h5'
const FRAME = 'M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z'

export const personIcon = icon('M8 8a4 4 0 0 1 8 0 4 4 0 0 1-8 0M4.5 20a7.5 7.5 0 0 1 15 0')
export const doneIcon = icon('m5 12.5 4.5 4.5L19 7.5')
/** For a small disc. */
export const markIcon = icon('M12 5v8m0 5v.01')
export const failedIcon = icon('M12 8v5m0 3.5v.01M3 12a9 9 0 0 1 18 0 9 9 0 0 1-18 0')
export const closeIcon = icon('M6 6l12 12M18 6 6 18')
export const retryIcon = icon('M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5')
export const addIcon = icon('M12 5v14M5 12h14')
export const openTrayIcon = icon('m6 15 6-6 6 6')
export const foldTrayIcon = icon('m6 9 6 6 6-6')
export const clearIcon = icon(
  'M4.5 7h15M10 4h4M6.5 7l.8 11.2a2 2 0 0 0 2 1.8h5.4a2 2 0 0 0 2-1.8L17.5 7',
)
export const linkIcon = icon(
  'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1',
)
export const copyIcon = icon(
  'M11 9h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zm4 0V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3',
)
export const openIcon = icon(
  'M14 4h6v6m0-6-9 9m7 1v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4',
)
export const shareIcon = icon(
  'M12 14V4m0 0L8.5 7.5M12 4l3.5 3.5M8 11H7a2 2 0 0 0-2 2v5a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-5a2 2 0 0 0-2-2h-1',
)
export const pauseIcon = icon('M9 6v12M15 6v12')
export const resumeIcon = icon('M8 5.5v13l10.5-6.5z')

/** Icons by the kind of file. */
export const kindIcons = {
  image: icon(`${FRAME}M3 16l4.5-4.5L16 20m-2.5-2.5L16.5 14.5 21 18.5M15.5 9v.01`),
  video: icon(`${FRAME}M10 9v6l5-3z`),
  audio: icon(
    'M9 18V6l11-2v12M9 18a3 2.5 0 0 1-6 0 3 2.5 0 0 1 6 0zm11-2a3 2.5 0 0 1-6 0 3 2.5 0 0 1 6 0z',
  ),
  text: icon(`${SHEET}M9 13h6m-6 4h4`),
  pdf: icon(`${SHEET}M8.5 17.5c2-.8 3.5-3.5 3.5-5.5 0-1.2-1.3-1.2-1.3 0 0 2 2 4 4.8 4`),
  archive: icon('M3 4h18v4H3zm2 4h14v11a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1zm5 4h4'),
  spreadsheet: icon(`${SHEET}M8 12h8v6H8zm0 3h8m-4-3v6`),
  other: icon(SHEET),
} as const
