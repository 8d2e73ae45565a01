/** What a site does with a file after its upload, as the hooks tell it. Types only. */
import type { Json } from '../../protocol/index.ts'
import type { Call } from './caller.ts'
import type { Link } from './link.ts'

/** What `onUploaded` may return. */
export interface Uploaded {
  /** Reaches the page as `data` of `file-uploaded`; at most 8,192 characters as JSON. */
  data?: Json | undefined
  /**
   * The site still works on the file, with a scan or a transcoding for instance: the page asks `status` until
   * that is over, and gets no link before.
   */
  processing?: Processing | true | undefined
}

/** Work on a file that has begun. */
export interface Processing {
  /**
   * What `status` gets again, such as the id of a job; at most 1,024 characters. It travels in the grant, where
   * the browser can read it and not change it: no secret.
   */
  id?: string | undefined
  /** How much is done, from 0 to 1, where that is known. */
  progress?: number | undefined
}

/** A file that the site works on. */
export interface ProcessedFile<Context = unknown, Route extends string = string>
  extends Call<Context, Route> {
  /** Object key. */
  key: string
  /** Its name, size in bytes and media type, as they were granted. */
  file: { name: string; size: number; type: string }
  /** The `id` that `onUploaded` returned; "" without one. */
  id: string
}

/** How far the work on a file is: what `status` returns. Nothing counts as "not done yet". */
export type ProcessingStatus =
  /** It goes on. */
  | { progress?: number | undefined; done?: false; failed?: undefined }
  /**
   * It is over. `key` says where the file is now if it was moved, `link` what people open if that is not the
   * file itself, and `data` reaches the page.
   */
  | {
      done: true
      key?: string | undefined
      link?: Link | string | undefined
      data?: Json | undefined
      failed?: undefined
    }
  /** It came to nothing: one sentence for people, shown as it is. */
  | { failed: string; done?: false }
