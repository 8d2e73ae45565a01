/**
 * What is shown of files: loaded when people are about to add some, or with the first one. The parts are
 * for the view of a field, a file of its own, which would otherwise share a third file with this one.
 */
export { ENGLISH_OF_VIEWS } from '../../i18n/english-of-views.ts'
export { iconButton, openLink } from '../parts/buttons.ts'
export { describe } from '../parts/file-detail.ts'
export { kindOf } from '../parts/file-kind.ts'
export { displayName, fileName } from '../parts/file-name.ts'
export { closeIcon, kindIcons, personIcon, retryIcon } from '../parts/icons.ts'
export { progressBarStyles } from '../parts/progress-bar.styles.ts'
export { progressBar } from '../parts/progress-bar.ts'
export { rowStyles } from '../parts/row.styles.ts'
export { controlStyles } from './control.styles.ts'
export { ExistingView } from './existing-view.ts'
export { InterruptedView } from './interrupted-view.ts'
export { ListView } from './list/list-view.ts'
export { MessagesView } from './messages-view.ts'
export { namePasted } from './pasted-files.ts'
export { ProgressView } from './progress-view.ts'
export { Tray } from './tray/tray.ts'
export { View } from './view.ts'
