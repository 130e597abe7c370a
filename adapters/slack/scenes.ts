import { AsyncLocalStorage } from 'node:async_hooks';
import type { OnTurn } from '../../bot/channel.ts';
import type { Conversation, Turn } from '../../bot/turn.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { ProgressLine } from './progress-line.ts';
import type { Standing } from './progress-surface.ts';
import type { Taken } from './taken.ts';

/** A turn under way: what is posted while it lasts is its answer. */
export interface Scene {
  turn: Turn;
  line: ProgressLine<Standing>;
  /** What is said after the end is not shown: nobody would take it away. */
  over: boolean;
}

export interface Scenes {
  /** Hands the turn on. Its answer goes to the person who asked, however many ask in the same place. */
  play(turn: Turn, line: ProgressLine<Standing>): Taken;
  /** The turn that is being answered in this conversation by whoever calls. */
  current(to: Conversation): Scene | undefined;
}

export function createScenes(onTurn: OnTurn, log: Log): Scenes {
  const scenes = new AsyncLocalStorage<Scene>();
  return {
    play(turn, line) {
      const scene: Scene = { turn, line, over: false };
      const heard = Promise.withResolvers<void>();
      // Whoever waited for it was answered already.
      heard.promise.catch(() => {});
      const work = scenes.run(scene, async () => onTurn(turn, heard.resolve));
      const done = work
        .then(
          (result) => {
            heard.resolve();
            return result;
          },
          (thrown: unknown) => {
            log.error({ turnId: turn.id, err: asOpsError(thrown) }, 'a turn failed');
            heard.reject(thrown);
            return undefined;
          },
        )
        .then(async (result) => {
          scene.over = true;
          await line.remove();
          return result;
        });
      return { ack: '', heard: heard.promise, done };
    },
    current(to) {
      const scene = scenes.getStore();
      return scene && !scene.over && scene.turn.conversation.id === to.id ? scene : undefined;
    },
  };
}
