/** A request as any transport brings it: HTTP, Lambda. */
export interface Incoming {
  /** Lower-case names; a header that came twice has both values with a comma between them. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they came: they are what is signed. */
  body: Buffer;
}

/** Slack sends a few kilobytes; a message of 40,000 characters with its blocks stays under this. */
export const maxBodyBytes = 1024 * 1024;
