import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useStickyScroll } from './use-sticky-scroll.ts';

const useStyles = makeStyles({
  frame: { display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: 0 },
  scroller: { flexGrow: 1, minHeight: 0, overflowY: 'auto', overflowX: 'hidden', overscrollBehavior: 'contain' },
  content: {
    display: 'flex',
    flexDirection: 'column',
    maxWidth: '820px',
    minHeight: '100%',
    margin: '0 auto',
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalS}`,
    '@media (max-width: 640px)': { padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalM} 0` },
  },
  // A line of its own: over the messages it would cover a button.
  jump: { alignSelf: 'center', flexShrink: 0, marginTop: tokens.spacingVerticalXS },
});

/** The messages, scrolling by themselves; a button leads back to the newest. */
export function StickyScroll({ sent, children }: { sent: number; children: ReactNode }) {
  const styles = useStyles();
  const { scroller, content, onScroll, away, toEnd } = useStickyScroll(sent);
  return (
    <div className={styles.frame}>
      <section
        ref={scroller}
        className={styles.scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard cannot scroll the messages
        tabIndex={0}
        aria-label="Message history"
      >
        <div ref={content} className={styles.content}>
          {children}
        </div>
      </section>
      {away && (
        <Button className={styles.jump} shape="circular" size="small" icon={<ArrowDownRegular />} onClick={toEnd}>
          To the end
        </Button>
      )}
    </div>
  );
}
