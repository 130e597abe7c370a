import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ApprovalView } from '../../../cards/view.ts';
import { standing, statusGlyph } from '../../../cards/wording.ts';

const useStyles = makeStyles({
  root: {
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: '3',
    overflow: 'hidden',
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  glyph: { fontWeight: tokens.fontWeightSemibold },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  waiting: { color: tokens.colorBrandForeground1 },
  neutral: { color: tokens.colorNeutralForeground3 },
});

/** Where a change stands, in the words of its card; what is not seen in AWS is not called done. */
export function Stands({ view }: { view: ApprovalView }) {
  const styles = useStyles();
  const { status, words } = standing(view);
  return (
    <span className={styles.root} title={words}>
      <span className={mergeClasses(styles.glyph, styles[status])}>{statusGlyph[status]}</span> {words}
    </span>
  );
}
