/** The texts of the recorder, in English. They come with it. */
export const ENGLISH_OF_RECORDER = {
  /** Buttons. */
  recordVideo: 'Record video',
  recordAudio: 'Record audio',
  recordScreen: 'Record screen',
  stopRecording: 'Stop recording',
  /** The browser asks whether the page may use the camera, or which window it may show. */
  askedToRecord: 'Waiting for permission…',
  recordingStarted: 'Recording started.',
  recordingStopped: 'Recording stopped.',
  /** Why nothing is recorded. */
  recordingRefused:
    'This page may not use the camera or microphone. Allow it in the browser, then try again.',
  screenRefused: 'The screen was not shared. Try again, and choose what to record.',
  noCamera: 'No camera with a microphone was found. Connect one, then try again.',
  noMicrophone: 'No microphone was found. Connect one, then try again.',
  deviceBusy: 'Another program uses the camera or microphone. Close it, then try again.',
  recordingFailed: 'The recording could not be started. Try again.',
  /** The camera was unplugged in the middle. */
  recordingCutShort:
    'The connection to the camera or microphone was lost. What was recorded until then is uploaded.',
  /** The browser was killed in the middle. Length of the recording, as in 1:05. */
  recordingLeft: 'A recording ({time}) was not sent.',
  sendRecording: 'Send',
  deleteRecording: 'Delete',
  recordingDeleted: 'Recording deleted.',
} satisfies Record<string, string>
