const DAY_MS = 86_400_000;

/** How the hours or days of a curve are called: '20 Nov', or '20 Nov, 14:00 UTC' where they are hours. */
export function bucketName(points: readonly { at: string }[]): (at: string) => string {
  const [first, second] = points;
  const step = first && second ? Date.parse(second.at) - Date.parse(first.at) : DAY_MS;
  return (at) => {
    const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    return step < DAY_MS ? `${day}, ${at.slice(11, 16)} UTC` : day;
  };
}
