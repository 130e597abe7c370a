const maxUrl = 2000;

/** Links a card may offer: https, or http on this machine; never with a name and password in it. */
export function isSafeLink(text: string): boolean {
  if (text.length > maxUrl || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
