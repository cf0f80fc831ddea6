import type { AnyEntry } from '../../domain/entry.ts';
import { MANUAL } from '../../domain/run.ts';
import { count, fact, known, word } from '../cell.ts';
import { denialFix } from '../denial.ts';
import { entryCells } from '../entry-line.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Focus } from '../select.ts';
import { shortTimeCell } from '../short-time.ts';
import type { Fact, FactsBlock, LogBlock } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import { denialCells, lastDenialOf } from './auto-signal.ts';

/** The funnel from closes to orders since the day began, and the last thing that stood in the way. */
export function whyBlock(scene: Scene, focus: Focus, ui: Ui): FactsBlock {
  const say = words(autoWords, ui.locale);
  const lines = known([funnelFacts(focus, ui), deniedFacts(scene, focus, ui), cureFacts(scene, focus, ui)]);
  return {
    kind: 'facts',
    id: 'why',
    title: `${say('whyTitle')}  ${say('sinceMidnight')}`,
    area: 'side',
    rank: 5,
    lines: lines.filter((line) => line.length > 0),
  };
}

function funnelFacts({ run, runFrame }: Focus, { locale }: Ui): readonly Fact[] {
  if (runFrame === undefined || run?.strategy === MANUAL) return [];
  const say = words(autoWords, locale);
  const { closes, candidates, ready, orders, denied } = runFrame.funnel;
  const step = (name: string, value: number, said: string, isLast = false): Fact =>
    fact(name, '', [{ value, text: `${count(value).text} ${said}${isLast ? '' : ' >'}` }]);
  return [
    step('closes', closes, say('closes', { count: closes })),
    step('candidates', candidates, say('candidates', { count: candidates })),
    step('ready', ready, say('readyCount')),
    step('orders', orders, say('orders', { count: orders }), true),
    ...(denied === 0
      ? []
      : [fact('denied', '', [{ value: denied, text: `${count(denied).text} ${say('denied')}`, tone: 'warn' }])]),
  ];
}

function deniedFacts(scene: Scene, { run }: Focus, ui: Ui): readonly Fact[] {
  if (run?.lastDenial === undefined) return [];
  return [fact('lastDenial', words(autoWords, ui.locale)('lastDenial'), denialCells(scene, run, ui))];
}

/** Left out where the same stands in the next entry already. */
function cureFacts(scene: Scene, { run, runFrame }: Focus, ui: Ui): readonly Fact[] {
  const denial = run === undefined ? undefined : lastDenialOf(scene, run);
  const next = runFrame?.next;
  if (next?.ok === false && next.code === denial?.code) return [];
  const fix = denial === undefined ? '' : denialFix(denial, ui.locale);
  return fix === ''
    ? []
    : [fact('fix', words(autoWords, ui.locale)('fix'), [word(denial?.code ?? '', fix, 'muted')], 7)];
}

/** What happens without end and tells little; what became of an alert is in the list of alerts. */
const QUIET: ReadonlySet<string> = new Set([
  'equity_marked',
  'order_submitted',
  'order_accepted',
  'lease_taken',
  'lease_released',
  'day_closed',
  'alert_delivered',
  'alert_acknowledged',
]);

/** The Journal screen has the rest. */
const LOG_MAX = 40;
/** Lines of it where there is room for other things, too, and the fewest that tell what was going on. */
const LOG_HEIGHT = 8;
const LOG_LEAST = 5;

/** A stop or target tells of itself when it is placed, and goes with its position; a run by hand needs no warm-up. */
const isIdle = (entry: AnyEntry): boolean =>
  (entry.kind === 'order_intended' && (entry.body.role === 'stop' || entry.body.role === 'target')) ||
  (entry.kind === 'order_canceled' && entry.body.reason === 'position_closed') ||
  (entry.kind === 'warmed_up' && entry.body.needed === 0);

/** A signal that changed its votes and not its side says nothing new. */
function withoutEchoes(entries: readonly AnyEntry[]): readonly AnyEntry[] {
  const sides = new Map<number, number>();
  return entries.filter((entry) => {
    if (entry.kind !== 'signal_raised') return true;
    const isEcho = sides.get(entry.run) === entry.body.side;
    sides.set(entry.run, entry.body.side);
    return !isEcho;
  });
}

/** The last entries of the account in view, newest first. */
export function journalBlock(scene: Scene, { account }: Focus, ui: Ui): LogBlock {
  const say = words(autoWords, ui.locale);
  const told = withoutEchoes(
    scene.entries.filter(
      (entry) =>
        !QUIET.has(entry.kind) && !isIdle(entry) && (entry.account === '' || entry.account === account?.account),
    ),
  );
  const lines = told
    .slice(-LOG_MAX)
    .reverse()
    .map((entry) => ({
      key: `${entry.seq}`,
      cells: [
        shortTimeCell(entry.at, scene.now, ui),
        { value: entry.seq, text: `${entry.seq}`, tone: 'muted' as const },
        ...entryCells(entry, scene, ui.locale),
      ],
    }));
  return {
    kind: 'log',
    id: 'journal',
    title: say('journal'),
    area: 'wide',
    rank: 3,
    lines,
    height: LOG_HEIGHT,
    least: LOG_LEAST,
    empty: say('noEntries'),
    picked: ui.picked.journal,
  };
}
