import type { Message } from './api.ts';

export type Connection = 'connecting' | 'open' | 'lost';

export interface EventHandlers {
  message(message: Message): void;
  progress(text: string): void;
  approvals(): void;
  connection(state: Connection): void;
}

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

/**
 * Server-sent events of one conversation, connected again for ever until closed. A browser gives up for good on an
 * answer that is not 200, so a closed source is opened anew, with a growing pause. `person`: of the switcher, if there is one.
 */
export function connectEvents(conversation: string, person: string | undefined, handlers: EventHandlers): () => void {
  const url = `/api/events?${new URLSearchParams({ conversation, ...(person && { as: person }) })}`;
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = firstWaitMs;

  const open = (): void => {
    source = new EventSource(url);
    source.addEventListener('open', () => {
      waitMs = firstWaitMs;
      handlers.connection('open');
    });
    source.addEventListener('message', (event) => handlers.message(JSON.parse(event.data)));
    source.addEventListener('progress', (event) => handlers.progress(JSON.parse(event.data).text));
    source.addEventListener('approvals', () => handlers.approvals());
    source.addEventListener('error', () => {
      handlers.connection('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    });
  };

  handlers.connection('connecting');
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
