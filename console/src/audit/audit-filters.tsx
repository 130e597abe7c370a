import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useSpeaking } from '../person.tsx';
import type { AuditFilters } from '../routes.ts';
import { useNarrow } from '../shell/use-narrow.ts';
import { navigate } from '../use-route.ts';
import { ChoiceField, MomentField } from './filter-fields.tsx';
import { useAuditChoices } from './use-audit.ts';

const useStyles = makeStyles({
  summary: { padding: `${tokens.spacingVerticalS} 0`, cursor: 'pointer', fontSize: tokens.fontSizeBase300 },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(176px, 1fr))',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    alignItems: 'end',
    '@media (max-width: 640px)': { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
  },
  clear: { justifySelf: 'start' },
});

function Fields({ filters }: { filters: AuditFilters }) {
  const styles = useStyles();
  const { session } = useSpeaking();
  const { data } = useAuditChoices();
  const setter = (name: keyof AuditFilters) => (value: string | undefined) => {
    const { [name]: _old, ...others } = filters;
    navigate({ page: 'audit', filters: value ? { ...others, [name]: value } : others }, 'replace');
  };
  const people = session.people.map(({ id, name }) => ({ value: id, label: name }));
  const tools = (data?.tools ?? []).map(({ name, title }) => ({ value: name, label: title }));
  const outcomes = (data?.outcomes ?? []).map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  return (
    <search className={styles.fields} aria-label="Filter the record">
      <ChoiceField label="Person" value={filters.person} choices={people} onChange={setter('person')} />
      <ChoiceField label="Tool" value={filters.tool} choices={tools} onChange={setter('tool')} />
      <ChoiceField label="Outcome" value={filters.outcome} choices={outcomes} onChange={setter('outcome')} />
      <MomentField label="From" value={filters.from} onChange={setter('from')} />
      <MomentField label="Until" value={filters.to} onChange={setter('to')} />
      {Object.keys(filters).length > 0 && (
        <Button
          className={styles.clear}
          appearance="subtle"
          onClick={() => navigate({ page: 'audit', filters: {} }, 'replace')}
        >
          Clear filters
        </Button>
      )}
    </search>
  );
}

/** Every filter lives in the address, so a filtered view can be sent to a colleague. */
export function AuditFilterBar({ filters }: { filters: AuditFilters }) {
  const styles = useStyles();
  const narrow = useNarrow();
  if (!narrow) return <Fields filters={filters} />;
  const set = Object.keys(filters).length;
  return (
    <details>
      <summary className={styles.summary}>{set > 0 ? `Filters (${set} set)` : 'Filters'}</summary>
      <Fields filters={filters} />
    </details>
  );
}
