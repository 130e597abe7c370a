const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** 'four' → 4, 'twenty-one' → 21; undefined for anything else. `word` is lower case. */
export function numberWord(word: string): number | undefined {
  const small = SMALL.indexOf(word);
  if (small >= 0) return small;
  const [tens = '', ones, ...more] = word.split('-');
  const ten = TENS.indexOf(tens);
  if (ten < 0 || more.length > 0) return undefined;
  if (ones === undefined) return (ten + 2) * 10;
  const one = SMALL.indexOf(ones);
  return one >= 1 && one <= 9 ? (ten + 2) * 10 + one : undefined;
}

/** 'twenty' then 'one' said as two words; undefined when the two do not make one number. */
export function twoWordNumber(first: string, second: string): number | undefined {
  return TENS.includes(first) ? numberWord(`${first}-${second}`) : undefined;
}

const RELATIVE = new Set(
  (
    'by add remove plus minus double doubled triple quadruple half halve twice more fewer less another extra additional couple few several ' +
    'some dozen many bit lots'
  ).split(' '),
);

/** Words that speak of a number without saying one: 'by two', 'double', 'a couple', '+2'. */
export function isRelative(word: string): boolean {
  return RELATIVE.has(word) || /^\+\d+$/.test(word);
}
