import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import type { Series } from '../../../cards/view.ts';
import { bucketName, inAll } from './chart-words.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    margin: 0,
    padding: tokens.spacingVerticalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    minWidth: 0,
  },
  plot: {
    display: 'flex',
    alignItems: 'flex-end',
    gap: '2px',
    height: '120px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  slot: { display: 'flex', alignItems: 'flex-end', flexGrow: 1, flexBasis: 0, minWidth: 0, height: '100%' },
  bar: {
    width: '100%',
    minHeight: '2px',
    borderRadius: `${tokens.borderRadiusSmall} ${tokens.borderRadiusSmall} 0 0`,
    backgroundColor: tokens.colorBrandBackground,
  },
  none: { minHeight: 0 },
  unknown: { backgroundColor: tokens.colorNeutralBackground5, height: '100%' },
  ends: { display: 'flex', justifyContent: 'space-between', color: tokens.colorNeutralForeground3 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** How much of something in each hour or day (UTC); for people who cannot see it, its numbers in words. */
export function BarChart({ series }: { series: Series }) {
  const styles = useStyles();
  const { label, points } = series;
  const most = Math.max(1, ...points.map(({ value }) => value ?? 0));
  const nameOf = bucketName(points);
  const [first, last] = [points[0], points.at(-1)];
  return (
    <figure className={styles.root}>
      <Text as="strong" size={300} weight="semibold">
        {label}
      </Text>
      <div className={styles.plot} role="img" aria-label={`${label}: ${inAll(series)}`}>
        {points.map(({ at, value }) => (
          <div key={at} className={styles.slot} title={`${nameOf(at)}: ${value ?? 'not counted'}`}>
            <div
              className={mergeClasses(styles.bar, value === 0 && styles.none, value === null && styles.unknown)}
              style={value === null ? undefined : { height: `${(value / most) * 100}%` }}
            />
          </div>
        ))}
      </div>
      {first && last && (
        <div className={styles.ends}>
          <Text size={200}>{nameOf(first.at)}</Text>
          <Text size={200}>{nameOf(last.at)}</Text>
        </div>
      )}
      <Text as="span" size={200} className={styles.quiet}>
        {inAll(series)}
      </Text>
    </figure>
  );
}
