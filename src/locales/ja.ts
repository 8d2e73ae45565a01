import type { Locale } from '../elements/localize.ts'

const again = 'しばらくしてからもう一度お試しください。'
const tell = 'このサイトの管理者にお知らせください。'
const unfinished = `アップロードを完了できませんでした。${again}`

const locale: Locale = {
  code: 'ja',
  strings: {
    fileUpload: 'ファイルのアップロード',
    chooseFile: 'ファイルを選択',
    chooseFiles: 'ファイルを選択',
    chooseFolder: 'フォルダーを選択',
    orDropIt: 'またはここにドロップ',
    orDropThem: 'またはここにドロップ',
    dropToUpload: 'ドロップしてアップロード',
    size: '{size}',
    upTo: '{size} まで',
    images: '画像',
    videos: '動画',
    audioFiles: '音声ファイル',
    textFiles: 'テキストファイル',
    comma: '、',

    files: 'ファイル',
    waiting: '待機中',
    progress: '{loaded} / {size}',
    speed: '毎秒 {size}',
    timeLeft: '残り {time}',
    paused: '一時停止中',
    goesOn: '自動的に再開します。',
    finishing: '完了処理中…',
    uploaded: 'アップロード済み',
    cancelled: 'キャンセル済み',
    totalProgress: '全体の進行状況',
    progressOf: '{name} の進行状況',
    uploadedOf: { other: '{count} 個中 {done} 個のファイルをアップロードしました' },
    filesUploaded: { other: '{count} 個のファイルをアップロードしました' },
    filesFailed: { other: '{count} 個は失敗' },
    uploadedAndFailed: '{uploaded}（{failed}）',
    moreRejected: { other: '他 {count} 個。' },
    filesAdded: { other: '{count} 個のファイルをアップロードしています。' },
    percentUploaded: '{percent} アップロードしました。',

    interruptedUploads: { other: '中断されたアップロード' },
    uploadedPart: '{size} のうち {percent} をアップロードしました。',
    chooseToContinue: '続行するには、ファイルをもう一度選択してください。',
    chooseAgain: 'もう一度選択',
    continue: '続行',
    continueAll: 'すべて続行',
    discard: '破棄',
    discarded: '破棄しました: {name}',

    start: 'アップロードを開始',
    pause: '一時停止',
    pauseAll: 'すべて一時停止',
    resume: '再開',
    resumeAll: 'すべて再開',
    cancel: 'キャンセル',
    retry: '再試行',
    retryAll: '失敗したファイルを再試行',
    remove: '削除',
    clear: 'リストを消去',
    dismiss: '閉じる',
    open: '開く',
    share: '共有',
    copyLink: 'リンクをコピー',
    copyLinks: 'すべてのリンクをコピー',
    copied: 'コピーしました',
    linkCopied: 'リンクをコピーしました。',
    linksCopied: { other: '{count} 個のリンクをコピーしました。' },
    notCopied: 'リンクをコピーできませんでした。',
    linkUntil: 'リンクの有効期限: {time}',
    linkExpired: 'リンクの有効期限が切れました',
    renewLink: 'リンクを更新',
    asText: 'テキストとして',
    asMarkdown: 'Markdown として',
    asCsv: 'CSV として',
    actionOn: '{action}: {name}',

    existingFiles: '既存のファイル',
    keep: '残す',
    willBeRemoved: '削除されます',
    willBeKept: '残ります',
    change: '変更',

    valueMissing: 'ファイルを選択してください。',
    stillUploading: 'アップロードが終わるまでお待ちください。',
    notStarted: '先にアップロードを開始してください。',
    uploadPaused: 'アップロードは一時停止中です。再開するか、ファイルを削除してください。',
    notUploaded:
      'アップロードできなかったファイルがあります。もう一度試すか、そのファイルを削除してください。',
    tooMany: {
      other:
        'ここにアップロードできるファイルは {count} 個までです。残りのファイルを削除してください。',
    },
    submitHeld: 'アップロードが終わり次第、フォームを送信します。',
  },
  errors: {
    'too-large': 'ファイルが {limit} を超えています。もっと小さいファイルを選択してください。',
    'too-large.unknown': 'ファイルが大きすぎます。もっと小さいファイルを選択してください。',
    'too-small': 'ファイルが {limit} より小さいです。もっと大きいファイルを選択してください。',
    'too-small.unknown': 'ファイルが小さすぎます。もっと大きいファイルを選択してください。',
    'type-not-allowed': 'この種類のファイルは受け付けていません。使用できる種類: {types}。',
    'type-not-allowed.unknown':
      'この種類のファイルは受け付けていません。別のファイルを選択してください。',
    'too-many-files': {
      other:
        'ここにアップロードできるファイルは {count} 個までです。先にファイルを 1 個削除してください。',
    },
    'total-too-large':
      'すべてのファイルの合計は {limit} までです。ファイルを減らすか、小さいファイルを選択してください。',
    'file-unreadable':
      'ファイルを読み取れなくなりました。移動、変更、または削除された可能性があります。もう一度選択してください。',
    'file-needed': '続行するには、ファイルをもう一度選択してください。',
    'file-not-allowed':
      'ブラウザーにファイルを読み取る権限がありません。許可するか、ファイルをもう一度選択してください。',
    'file-changed':
      '元のファイルと異なります。正しいファイルを選択するか、このアップロードを破棄して最初からやり直してください。',
    'not-interrupted':
      '再開できるものがありません。アップロードは完了、破棄、または期限切れになったか、別の場所で続いています。',
    offline: 'オフラインです。インターネットに接続してから、もう一度お試しください。',
    'library-incomplete':
      'アップローダーの一部を読み込めませんでした。接続を確認してから、もう一度お試しください。',
    'signer-missing': `このページではアップロードが設定されていません。${tell}`,
    'signer-unreachable': `サイトに接続できず、アップロードを開始できませんでした。${again}`,
    'signer-timeout': `サイトがアップロードを開始するのに時間がかかりすぎました。${again}`,
    'signer-failed': `サイトがアップロードを開始できませんでした。${again}`,
    'signer-answer-invalid': `サイトから理解できない応答がありました。${tell}`,
    'signer-refused': `サイトがこのファイルを拒否しました。${tell}`,
    unauthorized: 'ログインしていません。ログインしてから、もう一度お試しください。',
    forbidden: `ここにアップロードする権限がありません。${tell}`,
    'origin-not-allowed': `このページにはここにアップロードする権限がありません。${tell}`,
    'rate-limited':
      '短時間のアップロードが多すぎます。1 分ほど待ってから、もう一度お試しください。',
    'invalid-key': `サイトにこのファイルの保存場所がありません。${tell}`,
    'invalid-grant': 'このアップロードの許可の期限が切れました。もう一度お試しください。',
    'parts-needed': unfinished,
    'parts-differ': unfinished,
    'upload-gone': 'アップロードは途中で破棄されました。最初からもう一度お試しください。',
    'upload-incomplete': unfinished,
    'checksum-needed': `サイトが要求するチェックサムをこのページでは計算できません。${tell}`,
    'url-expired': 'アップロードの許可の期限が切れました。もう一度お試しください。',
    'signature-mismatch': `ストレージがこのアップロードを受け付けませんでした。${tell}`,
    'access-denied': `ストレージがこのアップロードを許可しませんでした。${tell}`,
    'bucket-not-found': `このアップロード先のストレージが存在しません。${tell}`,
    'bucket-refused': `ストレージがこのファイルを拒否しました。${tell}`,
    'bucket-failed': `現在ストレージに問題が発生しています。${again}`,
    'bucket-unreachable':
      'ストレージに接続できませんでした。接続を確認してから、もう一度お試しください。',
    'cors-blocked': `ストレージはこのページからのアップロードを許可していません。${tell}`,
    stalled: 'アップロードが進まなくなりました。もう一度お試しください。',
    corrupted: 'ファイルが転送中に破損しました。もう一度お試しください。',
    'connection-lost': 'アップロード中に接続が切れました。もう一度お試しください。',
    unexpected: `予期しない問題が発生しました。${again}`,
  },
}

export default locale
