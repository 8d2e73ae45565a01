/** `npm run mutants`: changes the signer in small ways, and tries whether a test fails each time. */
export default {
  // The others drive no code of the signer in this process, or not the same code each time. Tests
  // that need a real bucket find none, and are left out by the runner.
  testFiles: [
    'test/{protocol,s3,server,util}/**/!(botocore|fuzz|long-names).test.ts',
    'test/engine/transport/bucket-advice.test.ts',
  ],
  mutate: [
    'src/{protocol,s3,server}/**/*.ts',
    'src/util/{bytes,duration,iso-date,suggest,utf8}.ts',
  ],
  plugins: ['./test/support/mutants/runner.ts'],
  testRunner: 'node',
  ignorers: ['messages'],
  coverageAnalysis: 'perTest',
  // Each of them needs all code to be loaded again, and all tests to run.
  ignoreStatic: true,
  concurrency: 2,
  // Node.js runs TypeScript as it is, and types are `npm run check`'s to look at.
  disableTypeChecks: false,
  ignorePatterns: [
    '/dist',
    '/examples',
    '/.cache',
    '/storybook-static',
    '/docs/api',
    '/docs/public',
  ],
  tempDirName: '.cache/mutants/sandbox',
  incrementalFile: '.cache/mutants/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: '.cache/mutants/report.json' },
  htmlReporter: { fileName: '.cache/mutants/report.html' },
  clearTextReporter: { reportTests: false, allowEmojis: false },
  // A loaded computer is slow, and a mutant that was only slow would count as found.
  timeoutMS: 20_000,
  allowConsoleColors: false,
}
