import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons';
import { type ReactNode, useEffect, useRef, useState } from 'react';

const useStyles = makeStyles({
  frame: { position: 'relative', flexGrow: 1, minHeight: 0 },
  scroller: { height: '100%', overflowY: 'auto', overflowX: 'hidden', overscrollBehavior: 'contain' },
  content: {
    display: 'flex',
    flexDirection: 'column',
    maxWidth: '820px',
    minHeight: '100%',
    margin: '0 auto',
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalS}`,
    '@media (max-width: 640px)': { padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalM} 0` },
  },
  jump: { position: 'absolute', bottom: '12px', left: '50%', transform: 'translateX(-50%)', boxShadow: tokens.shadow8 },
});

const nearPx = 80;

/** Stays at the newest line as content grows, unless the reader has scrolled up. */
export function StickyScroll({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });

  useEffect(() => {
    const { current: box } = scroller;
    const { current: inner } = content;
    if (!box || !inner) return;
    const observer = new ResizeObserver(() => {
      if (stuck.current) box.scrollTo({ top: box.scrollHeight });
    });
    observer.observe(box);
    observer.observe(inner);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const { current: box } = scroller;
    if (!box) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
    // Growth alone must not unstick: new content may stand below before the observer has followed it.
    if (near) stuck.current = true;
    else if (box.scrollTop < lastTop.current) stuck.current = false;
    lastTop.current = box.scrollTop;
    setAway(!stuck.current);
  };

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
          Newest
        </Button>
      )}
    </div>
  );
}
