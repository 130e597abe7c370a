import { makeStyles, tokens } from '@fluentui/react-components';
import type { Status } from '../../../cards/view.ts';
import { statusGlyph } from '../../../cards/wording.ts';

const useStyles = makeStyles({
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  waiting: { color: tokens.colorBrandForeground1 },
  neutral: {},
});

/** A word with its status: a glyph and a colour, never the colour alone. */
export function StatusText({ text, status }: { text: string; status: Status }) {
  const styles = useStyles();
  if (status === 'neutral') return <>{text}</>;
  return (
    <span className={styles[status]}>
      <span aria-hidden>{statusGlyph[status]} </span>
      {text}
    </span>
  );
}
