import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What `.ci/run` reads after the run. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The usual report, and the counts as JSON in the file that `--reporter-option counts=<path>` names. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const path: unknown = options.reporterOptions?.counts;
    if (typeof path !== 'string') throw new Error('say --reporter-option counts=<path>');
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const counts: Counts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(path, JSON.stringify(counts));
    });
  }
}

// mocha loads reporters with require(): this name is how an ES module answers one.
export { CountingReporter as 'module.exports' };
