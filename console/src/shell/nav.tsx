import { CounterBadge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ChatFilled,
  ChatRegular,
  CheckmarkStarburstFilled,
  CheckmarkStarburstRegular,
  DataBarVerticalFilled,
  DataBarVerticalRegular,
  DocumentBulletListClockFilled,
  DocumentBulletListClockRegular,
} from '@fluentui/react-icons';
import { usePendingCount } from '../approvals/use-approvals.ts';
import { formatRoute, type Route } from '../routes.ts';

const useStyles = makeStyles({
  root: {
    gridArea: 'nav',
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingVerticalS,
    backgroundColor: tokens.colorNeutralBackground4,
    '@media (max-width: 640px)': {
      flexDirection: 'row',
      padding: '4px',
      borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  item: {
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    flexGrow: 0,
    gap: '2px',
    height: '56px',
    width: '68px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground4Hover, color: tokens.colorNeutralForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    '@media (max-width: 640px)': { flexGrow: 1, height: '48px' },
  },
  current: {
    color: tokens.colorBrandForeground1,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  icon: { fontSize: '22px', lineHeight: 1 },
  count: { position: 'absolute', top: '4px', left: '50%', marginLeft: '6px' },
});

const items = [
  { route: { page: 'chat', conversation: 'me' }, label: 'Chat', Icon: ChatRegular, Current: ChatFilled },
  {
    route: { page: 'approvals', tab: 'pending' },
    label: 'Approvals',
    Icon: CheckmarkStarburstRegular,
    Current: CheckmarkStarburstFilled,
  },
  {
    route: { page: 'reports', name: 'operations', window: '7d' },
    label: 'Reports',
    Icon: DataBarVerticalRegular,
    Current: DataBarVerticalFilled,
  },
  {
    route: { page: 'audit', filters: {} },
    label: 'Audit',
    Icon: DocumentBulletListClockRegular,
    Current: DocumentBulletListClockFilled,
  },
] as const satisfies { route: Route; [key: string]: unknown }[];

/** A rail on the left; a bar at the bottom where the window is narrow. */
export function Nav({ page }: { page: Route['page'] }) {
  const styles = useStyles();
  const pending = usePendingCount();
  return (
    <nav className={styles.root} aria-label="Pages">
      {items.map(({ route, label, Icon, Current }) => {
        const here = route.page === page;
        const waiting = route.page === 'approvals' && pending > 0;
        const Glyph = here ? Current : Icon;
        return (
          <a
            key={label}
            href={formatRoute(route)}
            className={mergeClasses(styles.item, here && styles.current)}
            aria-current={here ? 'page' : undefined}
            aria-label={waiting ? `${label}, ${pending} waiting` : label}
          >
            <Glyph className={styles.icon} aria-hidden />
            {waiting && <CounterBadge count={pending} size="small" color="danger" className={styles.count} />}
            {label}
          </a>
        );
      })}
    </nav>
  );
}
