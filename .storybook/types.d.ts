/// <reference types="vite/client" />
declare const MANIFEST: object
