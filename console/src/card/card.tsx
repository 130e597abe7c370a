import { makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { CardJson } from '../api.ts';
import { useScheme } from '../theme.tsx';
import { drawCard } from './draw.ts';
import type { Press } from './press.ts';
import './card.css';

const useStyles = makeStyles({
  root: {
    margin: 0,
    padding: 0,
    minWidth: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    overflow: 'hidden',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  busy: { padding: `0 ${tokens.spacingHorizontalL} ${tokens.spacingVerticalM}`, justifyContent: 'start' },
});

interface CardProps {
  json: CardJson;
  /** What the card is about, for people who cannot see it. */
  label: string;
  /** Buttons rest while a press is under way. */
  busy?: boolean;
  onPress?: (press: Press) => void;
}

export function Card({ json, label, busy = false, onPress }: CardProps) {
  const styles = useStyles();
  const { scheme } = useScheme();
  const frame = useRef<HTMLFieldSetElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const latestPress = useRef(onPress);
  useEffect(() => {
    latestPress.current = onPress;
  });

  useLayoutEffect(() => {
    const held = place.current?.contains(document.activeElement);
    const element = drawCard(json, scheme, (press) => latestPress.current?.(press));
    place.current?.replaceChildren(element ?? 'This card could not be drawn.');
    // A redrawn card drops the pressed button; the keyboard stays at the card.
    if (held) frame.current?.focus();
  }, [json, scheme]);

  return (
    <fieldset
      ref={frame}
      disabled={busy}
      aria-label={label}
      aria-busy={busy}
      tabIndex={-1}
      className={mergeClasses('card-frame', styles.root)}
    >
      <div ref={place} />
      {busy && <Spinner size="tiny" label="Working on it…" labelPosition="after" className={styles.busy} />}
    </fieldset>
  );
}
