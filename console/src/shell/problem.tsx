import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowClockwiseRegular, PlugDisconnectedRegular } from '@fluentui/react-icons';
import { ApiError } from '../api.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: tokens.spacingVerticalM,
    maxWidth: '44ch',
    margin: 'auto',
    padding: tokens.spacingVerticalXXL,
    textAlign: 'center',
  },
  icon: { fontSize: '40px', color: tokens.colorNeutralForeground3 },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface ProblemProps {
  title: string;
  detail: string;
  correlationId?: string;
  onRetry?: () => void;
}

/** Something stands between the reader and the page: what, and what to do. */
export function Problem({ title, detail, correlationId, onRetry }: ProblemProps) {
  const styles = useStyles();
  return (
    <div className={styles.root} role="alert">
      <PlugDisconnectedRegular className={styles.icon} aria-hidden />
      <Text as="h2" size={500} weight="semibold" block align="center" className={styles.title}>
        {title}
      </Text>
      <Text align="center">{detail}</Text>
      {correlationId && (
        <Text align="center" className={styles.quiet}>
          Correlation id {correlationId}
        </Text>
      )}
      {onRetry && (
        <Button icon={<ArrowClockwiseRegular />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** The same, for a call that failed. */
export function CallProblem({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  if (!(error instanceof ApiError)) return <Problem title="This page broke" detail={error.message} onRetry={onRetry} />;
  const { status, message, hint, correlationId } = error;
  return (
    <Problem
      title={message}
      detail={hint}
      correlationId={correlationId}
      onRetry={status === 404 ? undefined : onRetry}
    />
  );
}
