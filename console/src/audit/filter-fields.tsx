import { Field, Input, makeStyles, Select } from '@fluentui/react-components';
import { fromLocalInput, toLocalInput, zoneName } from '../time.ts';

// The controls' own least widths are wider than two columns of a phone.
const useStyles = makeStyles({ control: { width: '100%', minWidth: 0 } });

interface FilterFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function ChoiceField({
  label,
  value = '',
  choices,
  onChange,
}: FilterFieldProps & { choices: { value: string; label: string }[] }) {
  const styles = useStyles();
  // A deep link may name a value that is not on offer; it must stay visible, not look like 'any'.
  const known = value === '' || choices.some((choice) => choice.value === value);
  return (
    <Field label={label}>
      <Select
        className={styles.control}
        select={{ className: styles.control }}
        value={value}
        onChange={(_, data) => onChange(data.value || undefined)}
      >
        <option value="">Any</option>
        {!known && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** Shown and typed in the reader's zone, handed on as ISO 8601 UTC. */
export function MomentField({ label, value, onChange }: FilterFieldProps) {
  const styles = useStyles();
  const shown = toLocalInput(value);
  const zone = zoneName(shown ? new Date(shown) : new Date());
  return (
    <Field label={`${label} (${zone})`}>
      <Input
        type="datetime-local"
        className={styles.control}
        input={{ className: styles.control }}
        value={shown}
        onChange={(_, data) => onChange(fromLocalInput(data.value))}
      />
    </Field>
  );
}
