import { useEffect, useState } from 'react';
import { exactTime, relativeTime, secondTime, shortTime, zonedTime } from './time.ts';

/** The present, again every half minute. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A moment in the reader's zone. `relative` counts with the clock; the exact time is always one hover away. */
export function Moment({
  at,
  show = 'short',
}: {
  at: string;
  show?: 'short' | 'zoned' | 'second' | 'exact' | 'relative';
}) {
  const now = useNow();
  const text = {
    short: () => shortTime(at, now),
    zoned: () => zonedTime(at, now),
    second: () => secondTime(at, now),
    exact: () => exactTime(at),
    relative: () => relativeTime(at, now),
  }[show]();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {text}
    </time>
  );
}
