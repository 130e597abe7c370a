/** The places of an execution where a test may kill the process (SAFETY §5.4). */
export type CrashPoint = 'P5' | 'P6' | 'P7' | 'P8' | 'P9';

/** Called at each point; does nothing unless a test asked for a crash there. */
export type Crash = (point: CrashPoint) => void;

/** SIGKILL to itself: no handler, no flush, as when a machine dies. */
export function crashAt(wanted: string): Crash {
  return (point) => {
    if (point === wanted) process.kill(process.pid, 'SIGKILL');
  };
}
