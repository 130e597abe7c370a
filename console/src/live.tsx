import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { Message } from './api.ts';
import { withMessage } from './chat/messages.ts';
import { type Connection, connectEvents } from './events.ts';
import { useSpeaking } from './person.tsx';
import { useAnnounce } from './shell/announcer.tsx';

interface Live {
  connection: Connection;
  /** 'checking CloudWatch…' while OpsAgent works in this conversation. */
  progress: string | undefined;
  reconnect(): void;
}

const LiveContext = createContext<Live>({ connection: 'connecting', progress: undefined, reconnect: () => {} });

/** Keeps what the pages show fresh: one event stream, for the conversation in view. */
export function LiveProvider({ conversation, children }: { conversation: string; children: ReactNode }) {
  const { person, session } = useSpeaking();
  const claimed = session.signIn === 'switch' ? person.id : undefined;
  const queries = useQueryClient();
  const announce = useAnnounce();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [progress, setProgress] = useState<string>();
  const lost = useRef(false);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks for a new connection at once
  useEffect(() => {
    setProgress(undefined);
    const key = ['messages', person.id, conversation];
    return connectEvents(conversation, claimed, {
      message(message) {
        setProgress(undefined);
        queries.setQueryData<Message[]>(key, (old) => old && withMessage(old, message));
        if (message.from === 'opsagent') announce(`OpsAgent: ${message.summary}`);
      },
      progress: setProgress,
      approvals: () => queries.invalidateQueries({ queryKey: ['approvals', person.id] }),
      connection(state) {
        setConnection(state);
        if (state === 'lost') {
          lost.current = true;
          // The line also ends with the session.
          if (!claimed) queries.invalidateQueries({ queryKey: ['session'] });
        }
        if (state !== 'open') return;
        // Events are not replayed: what was said before the line stood, or while it was down, is fetched.
        queries.invalidateQueries({ queryKey: lost.current ? undefined : key });
        lost.current = false;
      },
    });
  }, [conversation, person.id, claimed, queries, announce, attempt]);

  const reconnect = () => setAttempt((count) => count + 1);
  return <LiveContext value={{ connection, progress, reconnect }}>{children}</LiveContext>;
}

export const useLive = () => useContext(LiveContext);
