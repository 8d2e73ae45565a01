import type { Locale } from '../i18n/localize.ts'

const again = 'Versuchen Sie es gleich noch einmal.'
const tell = 'Bitte informieren Sie die Betreiber dieser Website.'
const unfinished = `Der Upload konnte nicht abgeschlossen werden. ${again}`

const locale: Locale = {
  code: 'de',
  strings: {
    fileUpload: 'Datei-Upload',
    chooseFile: 'Datei auswählen',
    chooseFiles: 'Dateien auswählen',
    chooseFolder: 'Ordner auswählen',
    orDropIt: 'oder hier ablegen',
    orDropThem: 'oder hier ablegen',
    dropToUpload: 'Zum Hochladen ablegen',
    size: '{size}',
    upTo: 'bis zu {size}',
    images: 'Bilder',
    videos: 'Videos',
    audioFiles: 'Audiodateien',
    textFiles: 'Textdateien',
    comma: ', ',

    files: 'Dateien',
    waiting: 'Wartet',
    progress: '{loaded} von {size}',
    timeLeft: 'noch {time}',
    notMoving: 'Steht still',
    paused: 'Pausiert',
    goesOn: 'Es geht von selbst weiter.',
    finishing: 'Wird abgeschlossen …',
    uploaded: 'Hochgeladen',
    cancelled: 'Abgebrochen',
    totalProgress: 'Gesamtfortschritt',
    progressOf: 'Fortschritt von {name}',
    uploadedOf: {
      one: '{done} von {count} Datei hochgeladen',
      other: '{done} von {count} Dateien hochgeladen',
    },
    filesUploaded: { one: '{count} Datei hochgeladen', other: '{count} Dateien hochgeladen' },
    filesFailed: { one: '{count} fehlgeschlagen', other: '{count} fehlgeschlagen' },
    uploadedAndFailed: '{uploaded}, {failed}',
    moreRejected: { one: 'Und {count} weitere.', other: 'Und {count} weitere.' },
    filesAdded: {
      one: '{count} Datei wird hochgeladen.',
      other: '{count} Dateien werden hochgeladen.',
    },
    percentUploaded: '{percent} hochgeladen.',

    interruptedUploads: { one: 'Unterbrochener Upload', other: 'Unterbrochene Uploads' },
    uploadedPart: '{percent} von {size} hochgeladen.',
    chooseToContinue: 'Wählen Sie die Datei erneut aus, um fortzufahren.',
    chooseAgain: 'Erneut auswählen',
    continue: 'Fortsetzen',
    continueAll: 'Alle fortsetzen',
    discard: 'Verwerfen',
    discarded: 'Verworfen: {name}',

    start: 'Upload starten',
    pause: 'Anhalten',
    pauseAll: 'Alle anhalten',
    resume: 'Fortsetzen',
    resumeAll: 'Alle fortsetzen',
    cancel: 'Abbrechen',
    cancelAll: 'Alle abbrechen',
    retry: 'Erneut versuchen',
    remove: 'Entfernen',
    clear: 'Liste leeren',
    dismiss: 'Schließen',
    open: 'Öffnen',
    share: 'Teilen',
    copyLink: 'Link kopieren',
    copyLinks: 'Alle Links kopieren',
    copied: 'Kopiert',
    linkCopied: 'Link kopiert.',
    linksCopied: { one: '{count} Link kopiert.', other: '{count} Links kopiert.' },
    notCopied: 'Der Link konnte nicht kopiert werden.',
    linkUntil: 'Link gilt bis {time}',
    linkFor: 'Link gilt noch {time}',
    linkExpired: 'Der Link ist abgelaufen',
    renewLink: 'Link erneuern',
    linkNotRenewed: `Der Link konnte nicht erneuert werden. ${again}`,
    asText: 'als Text',
    asMarkdown: 'als Markdown',
    asCsv: 'als CSV',
    actionOn: '{action}: {name}',

    existingFiles: 'Bereits vorhandene Dateien',
    keep: 'Behalten',
    willBeRemoved: 'Wird entfernt',
    willBeKept: 'Wird behalten',
    change: 'Ändern',

    valueMissing: 'Wählen Sie eine Datei aus.',
    stillUploading: 'Warten Sie, bis der Upload abgeschlossen ist.',
    notStarted: 'Starten Sie zuerst den Upload.',
    uploadPaused: 'Der Upload ist angehalten. Setzen Sie ihn fort oder entfernen Sie die Datei.',
    notUploaded:
      'Eine Datei konnte nicht hochgeladen werden. Versuchen Sie es noch einmal oder entfernen Sie sie.',
    tooMany: {
      one: 'Hier kann nur {count} Datei hochgeladen werden. Entfernen Sie die übrigen.',
      other: 'Hier können höchstens {count} Dateien hochgeladen werden. Entfernen Sie die übrigen.',
    },
    submitHeld: 'Das Formular wird gesendet, sobald der Upload abgeschlossen ist.',
  },
  errors: {
    'too-large': 'Die Datei ist größer als {limit}. Wählen Sie eine kleinere.',
    'too-large.unknown': 'Die Datei ist zu groß. Wählen Sie eine kleinere.',
    'too-small': 'Die Datei ist kleiner als {limit}. Wählen Sie eine größere.',
    'too-small.unknown': 'Die Datei ist zu klein. Wählen Sie eine größere.',
    'type-not-allowed': 'Dateien dieses Typs werden nicht angenommen. Erlaubt sind: {types}.',
    'type-not-allowed.unknown':
      'Dateien dieses Typs werden nicht angenommen. Wählen Sie eine andere Datei.',
    'too-many-files': {
      one: 'Hier kann nur {count} Datei hochgeladen werden. Entfernen Sie zuerst die andere.',
      other:
        'Hier können höchstens {count} Dateien hochgeladen werden. Entfernen Sie zuerst eine andere.',
    },
    'total-too-large':
      'Alle Dateien zusammen dürfen höchstens {limit} groß sein. Entfernen Sie eine oder wählen Sie eine kleinere.',
    'file-unreadable':
      'Die Datei lässt sich nicht mehr lesen. Vielleicht wurde sie verschoben, geändert oder gelöscht. Wählen Sie sie erneut aus.',
    'file-needed': 'Wählen Sie die Datei erneut aus, um fortzufahren.',
    'file-not-allowed':
      'Der Browser darf die Datei nicht lesen. Erlauben Sie es oder wählen Sie die Datei erneut aus.',
    'file-changed':
      'Das ist nicht mehr dieselbe Datei. Wählen Sie die richtige aus oder verwerfen Sie diesen Upload und beginnen Sie von vorn.',
    'not-interrupted':
      'Es gibt nichts mehr fortzusetzen. Der Upload ist fertig, verworfen oder abgelaufen, oder er läuft anderswo weiter.',
    offline:
      'Sie sind offline. Stellen Sie eine Internetverbindung her und versuchen Sie es erneut.',
    'library-incomplete':
      'Ein Teil des Uploaders konnte nicht geladen werden. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    'signer-missing': `Das Hochladen ist auf dieser Seite nicht eingerichtet. ${tell}`,
    'signer-unreachable': `Die Website war nicht erreichbar, um den Upload zu starten. ${again}`,
    'signer-timeout': `Die Website hat zu lange gebraucht, um den Upload zu starten. ${again}`,
    'signer-failed': `Die Website konnte den Upload nicht starten. ${again}`,
    'signer-answer-invalid': `Die Website hat eine unverständliche Antwort gegeben. ${tell}`,
    'signer-refused': `Die Website hat diese Datei abgelehnt. ${tell}`,
    unauthorized: 'Sie sind nicht angemeldet. Melden Sie sich an und versuchen Sie es erneut.',
    forbidden: `Sie dürfen hier nichts hochladen. ${tell}`,
    'origin-not-allowed': `Von dieser Seite aus darf nichts hochgeladen werden. ${tell}`,
    'rate-limited':
      'Zu viele Uploads in kurzer Zeit. Warten Sie eine Minute und versuchen Sie es dann erneut.',
    'invalid-key': `Die Website hat keinen Platz für diese Datei. ${tell}`,
    'invalid-grant': 'Die Erlaubnis für diesen Upload ist abgelaufen. Versuchen Sie es erneut.',
    'parts-needed': unfinished,
    'parts-differ': unfinished,
    'upload-gone':
      'Der Upload wurde in der Zwischenzeit verworfen. Versuchen Sie es noch einmal von vorn.',
    'upload-incomplete': unfinished,
    'checksum-needed': `Diese Seite kann die Prüfsumme nicht berechnen, die die Website verlangt. ${tell}`,
    'url-expired': 'Die Erlaubnis zum Hochladen ist abgelaufen. Versuchen Sie es erneut.',
    'signature-mismatch': `Der Speicher hat diesen Upload nicht angenommen. ${tell}`,
    'access-denied': `Der Speicher hat diesen Upload nicht erlaubt. ${tell}`,
    'bucket-not-found': `Den Speicher für diesen Upload gibt es nicht. ${tell}`,
    'bucket-refused': `Der Speicher hat diese Datei abgelehnt. ${tell}`,
    'bucket-failed': `Der Speicher ist zurzeit gestört. ${again}`,
    'bucket-unreachable':
      'Der Speicher war nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    'cors-blocked': `Der Speicher erlaubt keine Uploads von dieser Seite. ${tell}`,
    stalled: 'Der Upload kommt nicht mehr voran. Versuchen Sie es erneut.',
    corrupted: 'Die Datei wurde unterwegs beschädigt. Versuchen Sie es erneut.',
    'connection-lost':
      'Die Verbindung ist während des Uploads abgebrochen. Versuchen Sie es erneut.',
    unexpected: `Es ist ein unerwarteter Fehler aufgetreten. ${again}`,
  },
}

export default locale
