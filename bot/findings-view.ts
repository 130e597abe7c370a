import type { Action, Field, SectionsView, Source } from '../cards/view.ts';
import { cleanText } from '../lib/clean-text.ts';
import type { Evidence } from './evidence.ts';
import type { FindingsReport } from './llm/findings.ts';

interface Investigated {
  /** The person's words. */
  question: string;
  /** Its texts are safe to show already. */
  report: FindingsReport;
  /** All reads of the investigation, oldest first: on the card they are r1, r2 … */
  reads: readonly Evidence[];
  /** The command line of each proposed change, in the order of the report. Without one there is no button. */
  commands: readonly Command[];
  consoleUrl?: string;
}

/** What a press says, and the same in short. */
interface Command {
  text: string;
  label: string;
}

const LONGEST_QUESTION = 120;

/**
 * How an investigation ended: what was found, which reads show it, and what could be done. A press on it only proposes a change.
 * Everything stands in fields: cells of a table are cut where it is narrow, and a finding or a command must be read whole.
 */
export function findingsView({ question, report, reads, commands, consoleUrl }: Investigated): SectionsView {
  const numbered = reads.map((read, place) => ({ ...read, name: `r${place + 1}` }));
  const findings = report.findings.map((finding) => ground(finding, numbered));
  const places = new Set(reads.map(placeOf).filter((place) => place !== ''));
  const sections = [
    { heading: 'Summary', fields: [{ label: 'In short', value: report.summary }] },
    { heading: 'Findings', fields: findings.map(findingField) },
    {
      heading: 'Evidence',
      fields: reads.length > 0 ? numbered.map((read) => readField(read, places.size > 1)) : NOTHING_READ,
    },
    { heading: 'Ruled out', fields: report.alternatives.flatMap(alternativeFields) },
    { heading: 'Proposed', fields: report.proposed.flatMap((one, n) => proposalFields(one, commands[n]?.text)) },
  ];
  return {
    kind: 'sections',
    title: `Findings: ${cleanText(question, LONGEST_QUESTION)}`,
    source: sourceOf(reads),
    sections: sections.filter(({ fields }) => fields.length > 0),
    actions: [...proposeButtons(report, commands), ...showButtons(findings, numbered), ...consoleLink(consoleUrl)],
    note: noteOf(reads),
    aiWritten: true,
  };
}

type Finding = FindingsReport['findings'][number];
type Numbered = Evidence & { name: string };

interface Grounded extends Omit<Finding, 'status' | 'evidence'> {
  status: Finding['status'] | 'unconfirmed';
  shownBy: readonly Numbered[];
}

/** Only reads that were made show anything; what none of them shows is a guess, however sure the model is. */
function ground({ text, status, confidence, evidence }: Finding, reads: readonly Numbered[]): Grounded {
  const shownBy = reads.filter(({ id }) => evidence.includes(id));
  if (shownBy.length > 0) return { text, status, confidence, shownBy };
  return { text, status: status === 'unlikely' ? status : 'unconfirmed', confidence: 'low', shownBy };
}

/** Without colour: how sure a finding is says nothing of whether it is good news. */
const CERTAINTY: Record<Grounded['status'], string> = {
  confirmed: 'Confirmed',
  likely: 'Likely',
  unlikely: 'Unlikely',
  unconfirmed: 'Unconfirmed',
};

function findingField({ text, status, confidence, shownBy }: Grounded): Field {
  const names = shownBy.map(({ name, outcome }) => (outcome === 'failed' ? `${name} failed` : name));
  const evidence = names.join(', ') || 'no evidence';
  return { label: CERTAINTY[status], value: `${text} (${confidence} confidence; ${evidence})` };
}

const NOTHING_READ: Field[] = [{ label: 'None', value: 'Nothing was read.' }];

const placeOf = ({ account, region }: Evidence): string => `${account} ${region}`.trim();

/** Where it was read, unless all were read at the place that the card names. */
function readField(read: Numbered, inSeveral: boolean): Field {
  const { name, id, command, took_ms, outcome } = read;
  const where = placeOf(read);
  const more = [...(inSeveral && where !== '' ? [where] : []), inTime(took_ms), id].join(' · ');
  if (outcome === 'done') return { label: name, value: `${command} · ${more}` };
  return { label: name, value: { text: `failed: ${command} · ${more}`, status: 'bad' } };
}

/** '412 ms', '1.5 s'. */
function inTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function alternativeFields({ text, why_not }: FindingsReport['alternatives'][number]): Field[] {
  return [
    { label: 'Cause', value: text },
    { label: 'Why not', value: why_not },
  ];
}

function proposalFields({ tool, expected_effect, undo }: FindingsReport['proposed'][number], command = tool): Field[] {
  return [
    { label: 'Change', value: command },
    { label: 'Expected effect', value: expected_effect },
    { label: 'Undo', value: undo },
  ];
}

const MOST_PROPOSE_BUTTONS = 3;
const MOST_SHOW_BUTTONS = 2;
const LONGEST_LABEL = 40;

function proposeButtons({ proposed }: FindingsReport, commands: readonly Command[]): Action[] {
  return commands.slice(0, Math.min(proposed.length, MOST_PROPOSE_BUTTONS)).map(({ text, label }, n) => ({
    ...{ kind: 'say', label: cleanText(`Propose: ${label}`, LONGEST_LABEL), text },
    ...(n === 0 && { style: 'primary' }),
  }));
}

/** Reads that a finding leans on come first. */
function showButtons(findings: readonly Grounded[], reads: readonly Numbered[]): Action[] {
  const leaned = findings.flatMap(({ shownBy }) => shownBy);
  return [...new Set([...leaned, ...reads])]
    .slice(0, MOST_SHOW_BUTTONS)
    .map(({ name, id }) => ({ kind: 'say', label: `Show ${name}`, text: `show ${id}` }));
}

function consoleLink(url: string | undefined): Action[] {
  return url === undefined ? [] : [{ kind: 'link', label: 'Open the console', url }];
}

/** Reads of one investigation can lie in several accounts and Regions: all are named. One that failed early has neither. */
function sourceOf(reads: readonly Evidence[]): Source | undefined {
  const all = (key: 'account' | 'region') => [...new Set(reads.map((read) => read[key]).filter((one) => one !== ''))];
  const [account, region, last] = [all('account').join(', '), all('region').join(', '), reads.at(-1)];
  return last && account !== '' ? { account, region, at: last.at, mode: last.mode } : undefined;
}

function noteOf(reads: readonly Evidence[]): string {
  if (reads.length === 0) return 'Written without reading anything.';
  const failed = reads.filter(({ outcome }) => outcome === 'failed').length;
  const took = inTime(reads.reduce((sum, { took_ms }) => sum + took_ms, 0));
  const count = `${reads.length} ${reads.length === 1 ? 'read' : 'reads'} in ${took}${failed > 0 ? `, ${failed} failed` : ''}`;
  return `${count}. show <read id> opens what a read gave.`;
}
