import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Text,
} from '@fluentui/react-components';
import { useNarrow } from '../shell/use-narrow.ts';
import { useChain } from './use-audit.ts';

/** Says whether the chain of records is whole, or which record is the first that does not fit. */
export function ChainBanner() {
  const { data: chain, error, isFetching, verifyAnew } = useChain();
  const narrow = useNarrow();
  const again = (
    <MessageBarActions>
      <Button size="small" disabled={isFetching} onClick={() => verifyAnew()}>
        Verify again
      </Button>
    </MessageBarActions>
  );
  if (error) {
    return (
      <MessageBar intent="warning">
        <MessageBarBody>
          <MessageBarTitle>The record could not be verified.</MessageBarTitle> {error.message}
        </MessageBarBody>
        {again}
      </MessageBar>
    );
  }
  if (!chain) return <MessageBar>Verifying the record…</MessageBar>;
  const count = `${chain.records.toLocaleString('en')} ${chain.records === 1 ? 'record' : 'records'}`;
  return (
    <MessageBar intent={chain.ok ? 'success' : 'error'} layout={narrow ? 'multiline' : 'auto'}>
      <MessageBarBody>
        <MessageBarTitle>{chain.ok ? `Verified: ${count}.` : 'The record is broken.'}</MessageBarTitle>
        {chain.firstBad &&
          `Record ${chain.firstBad.record} is the first that does not fit: ${chain.firstBad.because}. `}
        {chain.firstBad && 'Keep the store as it is, and tell an admin. '}
        {chain.ok && (
          <>
            Every record vouches for all before it. Newest hash{' '}
            <Text font="monospace" size={200} title={chain.head}>
              {chain.head.slice(0, 12)}
            </Text>
          </>
        )}
      </MessageBarBody>
      {again}
    </MessageBar>
  );
}
