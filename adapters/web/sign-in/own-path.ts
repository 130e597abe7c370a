/**
 * Where a person wanted to go in the console, as `to` says it: a path of the console and nothing else, whatever was asked for. It is
 * only ever put behind '/#', so that no reading of it leads to another server.
 */
export function ownPath(to: string | null | undefined): string {
  return to && to.length <= 500 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(to) ? to : '/';
}
