import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  root: {
    width: 'fit-content',
    maxWidth: '64ch',
    margin: 0,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  own: { backgroundColor: tokens.colorBrandBackground2, color: tokens.colorNeutralForeground1 },
});

/** What a person typed, exactly. */
export function Speech({ text, own }: { text: string; own: boolean }) {
  const styles = useStyles();
  return <p className={mergeClasses(styles.root, own && styles.own)}>{text}</p>;
}
