import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  root: {
    position: 'absolute',
    top: '-60px',
    left: '8px',
    zIndex: 10,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    boxShadow: tokens.shadow16,
    ':focus': { top: '8px' },
  },
});

/** The address holds the page, so the link moves the focus itself instead of changing the hash. */
export function SkipLink({ target }: { target: string }) {
  const styles = useStyles();
  return (
    <a
      className={styles.root}
      href={`#${target}`}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById(target)?.focus();
      }}
    >
      Skip to the page
    </a>
  );
}
