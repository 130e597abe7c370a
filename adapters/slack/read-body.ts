const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i;

type Body = Readonly<Record<string, unknown>>;

/** Events are JSON; commands are forms, presses and dialogs JSON in a form's `payload`. `undefined`: none of these. */
export function readBody(contentType: string | undefined, body: Buffer): Body | undefined {
  if (contentType === undefined) return undefined;
  if (JSON_TYPE.test(contentType)) return parseJson(body.toString('utf8'));
  if (!FORM_TYPE.test(contentType)) return undefined;
  const form = new URLSearchParams(body.toString('utf8'));
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parseJson(payload);
}

function parseJson(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isBody(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);
