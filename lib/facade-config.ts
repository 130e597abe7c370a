import { z } from 'zod';
import { FilePath } from './file-path.ts';

/** What HOST says where only this machine is listened to. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

const ORIGINS = 'use origins with commas between them, for example https://chat.example.com';
const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every((origin) => URL.parse(origin)?.origin === origin), ORIGINS);

/** The keys of signing in, and of those who come through REST and MCP. Which of them belong together: `facadeIssues`. */
export const facadeKeys = {
  /** Compared with `iss` byte for byte; its metadata and keys are fetched from there. */
  OIDC_ISSUER: z
    .string()
    .regex(
      /^(https:\/\/[^\s?#]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/[^\s?#]*)?)$/,
      'use the https:// address of the issuer, as its tokens name it in iss',
    )
    .optional(),
  /** What `aud` of an access token must hold. */
  OIDC_AUDIENCE: z.string().min(1).optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  API_KEYS_FILE: FilePath.optional(),
  CORS_ORIGINS: origins.optional(),
  CONSOLE_FRAME_ANCESTORS: origins.optional(),
};

/** The sign-in service of the console; undefined where nobody signs in. */
export function signInOf({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }: Partial<Facade>) {
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || OIDC_CLIENT_SECRET === undefined) return undefined;
  return { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET };
}

type Facade = z.output<z.ZodObject<typeof facadeKeys>>;
interface Issue {
  key: string;
  message: string;
}

/** Half a set-up is refused at start, not at the first sign-in. */
export function facadeIssues(config: Facade & { HOST: string; PUBLIC_URL?: string }): Issue[] {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE, OIDC_CLIENT_ID: client, HOST, PUBLIC_URL } = config;
  const secret = config.OIDC_CLIENT_SECRET;
  const signIn = issuer !== undefined && client !== undefined;
  const beyond = !LOOPBACK.includes(HOST);
  const wanted: (Issue | false)[] = [
    issuer === undefined &&
      (OIDC_AUDIENCE ?? client ?? secret) !== undefined && {
        key: 'OIDC_ISSUER',
        message: 'set it; the other OIDC keys mean nothing without it',
      },
    issuer !== undefined &&
      OIDC_AUDIENCE === undefined &&
      client === undefined && {
        key: 'OIDC_CLIENT_ID',
        message: 'set it for signing in to the console, or OIDC_AUDIENCE for REST and MCP',
      },
    issuer !== undefined &&
      OIDC_AUDIENCE !== undefined &&
      client === undefined &&
      secret !== undefined && { key: 'OIDC_CLIENT_ID', message: 'set it beside OIDC_CLIENT_SECRET' },
    client !== undefined &&
      secret === undefined && { key: 'OIDC_CLIENT_SECRET', message: 'set it beside OIDC_CLIENT_ID' },
    beyond &&
      !signIn && {
        key: 'HOST',
        message: `use ${LOOPBACK.join(', ')}; beyond this machine people must sign in, which OIDC_ISSUER and OIDC_CLIENT_ID set up`,
      },
    beyond &&
      signIn &&
      PUBLIC_URL === undefined && {
        key: 'PUBLIC_URL',
        message: 'set it: people are sent back there when they signed in',
      },
    signIn &&
      PUBLIC_URL !== undefined &&
      new URL(PUBLIC_URL).pathname !== '/' && {
        key: 'PUBLIC_URL',
        message: 'take the path away: the console is at the root of its host, and so is its session cookie',
      },
  ];
  return wanted.filter((issue) => issue !== false);
}
