import { makeStyles, Spinner, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  root: { minHeight: '28px', paddingTop: tokens.spacingVerticalM },
  spinner: { justifyContent: 'start' },
});

/** The region is always there, so that a change of the line is noticed by screen readers. */
export function ProgressLine({ text }: { text: string | undefined }) {
  const styles = useStyles();
  return (
    <div role="status" className={styles.root}>
      {text && <Spinner size="tiny" label={text} labelPosition="after" className={styles.spinner} />}
    </div>
  );
}
