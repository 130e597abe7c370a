import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ChevronDownRegular, PersonAvailableRegular, SignOutRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Self } from '../api.ts';
import { Moment } from '../moment.tsx';
import { useSpeaking } from '../person.tsx';
import { formatRoute } from '../routes.ts';

const useStyles = makeStyles({
  name: { '@media (max-width: 640px)': { display: 'none' } },
  trigger: { minWidth: 'auto', '@media (max-width: 640px)': { paddingLeft: '4px', paddingRight: '4px' } },
  who: { display: 'grid', gap: '2px', padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}` },
  quiet: { color: tokens.colorNeutralForeground3 },
  failed: { color: tokens.colorStatusDangerForeground1 },
});

/** Who is signed in, until when, and the ways out. */
export function AccountMenu({ self }: { self: Self }) {
  const styles = useStyles();
  const { api } = useSpeaking();
  const [failed, setFailed] = useState(false);
  const signOut = async () => {
    try {
      await api.signOut();
      // Nothing of what was on the page stays.
      window.location.replace('/');
    } catch {
      setFailed(true);
    }
  };
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.trigger}
          aria-label={`Signed in as ${self.name}. Account`}
          icon={<Avatar name={self.name} color="colorful" idForColor={self.id} size={24} />}
        >
          <span className={styles.name}>{self.name}</span>
          <ChevronDownRegular aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <div className={styles.who}>
          <Text weight="semibold">{self.name}</Text>
          <Text size={200}>{self.id}</Text>
          <Text size={200} className={styles.quiet}>
            {self.roles.join(', ')}
          </Text>
          <Text size={200} className={styles.quiet}>
            Signed in until <Moment at={self.until} show="zoned" />
          </Text>
          {failed && (
            <Text size={200} role="alert" className={styles.failed}>
              You are still signed in: OpsAgent could not be reached. Try again.
            </Text>
          )}
        </div>
        <MenuDivider />
        <MenuList>
          <MenuItemLink href={formatRoute({ page: 'sessions' })} icon={<PersonAvailableRegular />}>
            Your sessions
          </MenuItemLink>
          <MenuItem icon={<SignOutRegular />} persistOnClick onClick={() => void signOut()}>
            Sign out
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
