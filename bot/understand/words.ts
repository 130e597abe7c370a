/** Groups of words people use for one thing. A word may stand in several groups. Verbs and nouns only, never identifiers. */
export const GROUPS: Readonly<Record<string, string>> = {
  show: 'describe info show display see view print look check inspect pull fetch get give',
  reboot: 'reboot restart bounce powercycle power-cycle reset kick cycle',
  scale:
    'scale resize rescale upscale downscale grow shrink set increase decrease bump raise reduce change double triple quadruple halve',
  list: 'list ls enumerate which',
  status:
    'status state health healthy unhealthy condition doing alive reachable ok okay fine wrong slow stuck dead hanging unresponsive',
  instance: 'instance ec2 server box machine vm host node',
  service: 'service svc',
  cluster: 'cluster',
  task: 'task replica copy container',
  ecs: 'ecs fargate',
  alarm: 'alarm alert alerting',
  firing: 'firing red ringing triggered broken',
  alb: 'alb elb lb loadbalancer balancer',
  target: 'target backend targetgroup tg',
  incident: 'incident ticket outage',
  create: 'create open file raise start declare make new record log',
  post: 'post send share publish announce tell notify message',
  event: 'event activity audit trail cloudtrail change action call history happened',
  who: 'who someone anyone anybody somebody',
  metric: 'metric metrics graph chart plot stat statistic datapoint cloudwatch',
  summary: 'summary update note message',
  channel: 'channel room',
  cpu: 'cpu processor load',
  memory: 'memory mem ram',
  network: 'network traffic bandwidth',
};

/** They carry a phrase only together with something else. */
export const WEAK = new Set(
  (
    'show get give see display fetch check view pull print look find search is are how what which when do does have there was did ' +
    "any up down all how's what's hows whats who's let know inspect why anything something everything nothing graph chart plot describe info"
  ).split(' '),
);

/** They carry nothing. */
export const EMPTY = new Set(
  (
    'a an the of in on for to at by with from my our your me us we i it its this that these those please pls plz now ' +
    'and hey hi hello thanks thank you thx just can could would will currently right moment here be been s looking ' +
    'about one use rn busy usage utilization utilisation window timeframe period quick quickly ok so again asap want need like'
  ).split(' '),
);

/** What may stand beside a change without changing what is asked for. Anything else makes OpsAgent ask. */
export const BENIGN = new Set(
  (
    'a an the of to in on for at please pls plz now asap right away immediately quickly quick thanks thank you thx cheers me us ' +
    'just kindly go ahead and hi hello hey it ok urgent urgently is'
  ).split(' '),
);

/** Words that open the text of a record or message: 'an incident about …', 'tell #ops that …'. */
export const CONNECTORS = new Set(['that', 'saying', 'about', 'for', 'titled', 'called', 'says', 'with', 'because']);

const IRREGULAR: Readonly<Record<string, string>> = {
  set: 'set',
  shrank: 'shrink',
  grew: 'grow',
  sent: 'send',
  told: 'tell',
  made: 'make',
  ran: 'run',
  boxes: 'box',
  copies: 'copy',
  switches: 'switch',
  statuses: 'status',
  gives: 'give',
  memories: 'memory',
  doing: 'doing',
  firing: 'firing',
  alerting: 'alerting',
};

const CONTRACTIONS: Readonly<Record<string, readonly string[]>> = {
  "how's": ['how', 'is'],
  hows: ['how', 'is'],
  "what's": ['what', 'is'],
  whats: ['what', 'is'],
  "who's": ['who', 'is'],
};

/** "how's" says 'how' and 'is'. */
export function spoken(word: string): readonly string[] {
  return Object.hasOwn(CONTRACTIONS, word) ? (CONTRACTIONS[word] ?? []) : [word];
}

export type Inflection = 'base' | 'past' | 'ing';

export interface Form {
  stem: string;
  inflection: Inflection;
}

/** Forms of a word by regular English rules, nearest first: 'rebooted' → 'reboot', 'scaling' → 'scal', 'scale'. */
export function stems(word: string): Form[] {
  return [
    { stem: word, inflection: 'base' },
    ...irregular(word),
    ...plural(word),
    ...cut(word, 'ed'),
    ...cut(word, 'ing'),
  ];
}

function irregular(word: string): Form[] {
  const stem = Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined;
  return stem ? [{ stem, inflection: word.endsWith('s') || stem === word ? 'base' : 'past' }] : [];
}

function plural(word: string): Form[] {
  if (!word.endsWith('s') || word.endsWith('ss')) return [];
  const stems = [word.slice(0, -1), ...(word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : [])];
  return stems.map((stem) => ({ stem, inflection: 'base' }));
}

function cut(word: string, suffix: 'ed' | 'ing'): Form[] {
  if (!word.endsWith(suffix) || word.length < suffix.length + 3) return [];
  const stem = word.slice(0, -suffix.length);
  const single = stem.at(-1) === stem.at(-2) ? [stem.slice(0, -1)] : [];
  const inflection = suffix === 'ed' ? 'past' : 'ing';
  return [stem, `${stem}e`, ...single].map((one) => ({ stem: one, inflection }));
}
