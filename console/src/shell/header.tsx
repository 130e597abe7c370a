import { Button, makeStyles, Text, Tooltip, tokens } from '@fluentui/react-components';
import { WeatherMoonRegular, WeatherSunnyRegular } from '@fluentui/react-icons';
import { useSpeaking } from '../person.tsx';
import { useScheme } from '../theme.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ModeBadge } from './mode-badge.tsx';
import { PersonSwitcher } from './person-switcher.tsx';

const useStyles = makeStyles({
  root: {
    gridArea: 'header',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `0 ${tokens.spacingHorizontalM} 0 ${tokens.spacingHorizontalL}`,
    height: '52px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  region: { color: tokens.colorNeutralForeground3, '@media (max-width: 640px)': { display: 'none' } },
  end: { marginLeft: 'auto', display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
});

export function Header() {
  const styles = useStyles();
  const { session } = useSpeaking();
  const { scheme, toggle } = useScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <header className={styles.root}>
      <img src="./favicon.svg" alt="" width={24} height={24} />
      <Text as="span" size={400} weight="semibold">
        OpsAgent
      </Text>
      <ModeBadge mode={session.mode} environment={session.environment} />
      <Text size={200} className={styles.region}>
        {session.region}
      </Text>
      <div className={styles.end}>
        <Tooltip content={`Use the ${other} theme`} relationship="label">
          <Button
            appearance="subtle"
            icon={scheme === 'dark' ? <WeatherSunnyRegular /> : <WeatherMoonRegular />}
            onClick={toggle}
          />
        </Tooltip>
        {session.self ? <AccountMenu self={session.self} /> : <PersonSwitcher />}
      </div>
    </header>
  );
}
