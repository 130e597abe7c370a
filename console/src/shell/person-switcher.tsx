import {
  Avatar,
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons';
import { useSpeaking } from '../person.tsx';

const useStyles = makeStyles({
  name: { '@media (max-width: 640px)': { display: 'none' } },
  roles: { display: 'block', color: tokens.colorNeutralForeground3 },
  trigger: { minWidth: 'auto', '@media (max-width: 640px)': { paddingLeft: '4px', paddingRight: '4px' } },
});

/** `LOCAL_MOCK` only: whoever sits at this machine may speak as any known person. */
export function PersonSwitcher() {
  const styles = useStyles();
  const { session, person, become } = useSpeaking();
  return (
    <Menu
      checkedValues={{ person: [person.id] }}
      onCheckedValueChange={(_, { checkedItems: [id] }) => id && become(id)}
      positioning="below-end"
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.trigger}
          aria-label={`Speaking as ${person.name}, ${person.roles.join(', ')}. Change person`}
          icon={<Avatar name={person.name} color="colorful" idForColor={person.id} size={24} />}
        >
          <span className={styles.name}>{person.name}</span>
          <ChevronDownRegular aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {session.people.map(({ id, name, roles }) => (
            <MenuItemRadio key={id} name="person" value={id}>
              {name}
              <Text size={200} className={styles.roles}>
                {roles.join(', ')}
              </Text>
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
