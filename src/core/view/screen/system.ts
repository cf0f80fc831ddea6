import type { ClientFrame, SystemFrame } from '../../domain/frame.ts';
import { clockText, count, fact, plain, span, word } from '../cell.ts';
import { FEED_TONES, offsetTone } from '../exchange.ts';
import { age, decimal, percent, UNKNOWN } from '../format.ts';
import { words } from '../language.ts';
import { problemsOf } from '../problem.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { shortTimeCell } from '../short-time.ts';
import type { Action, Block, Cell, FactsBlock, LogBlock, NoteBlock, Row, TableBlock, Tone } from '../view.ts';
import * as systemWords from '../words/system.ts';
import { verifyBar } from './journal.ts';
import { millis } from './millis.ts';
import { alertsBlock } from './system-alerts.ts';
import { exchangeBlock, streamsBlock } from './system-exchange.ts';

const LAG_MS_MAX = 250;
const COMMIT_MS_MAX = 250;

const tongue = ({ locale }: Ui) => words(systemWords, locale);

/** The engine's own health, its faces, and what went wrong last. */
export const systemScreen: Screen = {
  id: 'system',
  key: '0',
  title: 'System',
  view: (scene, ui) => ({
    screen: 'system',
    title: 'System',
    status: [],
    blocks: blocksOf(scene, ui),
    actions: actionsOf(scene, ui),
    asOf: scene.now,
  }),
};

function blocksOf(scene: Scene, ui: Ui): readonly Block[] {
  const { system } = scene;
  if (system === null) return [missingBlock(ui)];
  const { exchange } = system;
  const at = system.wallAt;
  const ofExchange = exchange === undefined ? [] : [exchangeBlock(exchange, at, ui), streamsBlock(exchange, at, ui)];
  return [
    ...problemsBlock(scene, ui),
    ...alertsBlock(scene, ui),
    ...ofExchange,
    engineBlock(scene, system, ui),
    feedBlock(scene, system, ui),
    databaseBlock(system, ui),
    venueBlock(system, ui),
    clientsBlock(system, ui),
    errorsBlock(system, ui),
  ];
}

function missingBlock(ui: Ui): NoteBlock {
  const say = tongue(ui);
  const lines = [say('unknownWhat')];
  return { kind: 'note', id: 'engine', title: say('unknownTitle'), area: 'wide', rank: 0, tone: 'warn', lines };
}

/** What the status line counts. That the engine is lost stands over every screen. */
function problemsBlock(scene: Scene, ui: Ui): readonly NoteBlock[] {
  const lines = problemsOf(scene, ui)
    .filter(({ code }) => code !== 'engine_lost')
    .map(({ text }) => text);
  const title = `${tongue(ui)('problems')}  !${lines.length}`;
  return lines.length === 0 ? [] : [{ kind: 'note', id: 'problems', title, area: 'wide', rank: 0, tone: 'bad', lines }];
}

const LINK_TONES: Readonly<Record<Scene['link'], Tone>> = { up: 'good', lost: 'bad', none: 'warn' };

function engineBlock({ link, state }: Scene, system: SystemFrame, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const { version, build, node, pid, startedAt, wallAt, memoryBytes, cpuShare } = system;
  return {
    kind: 'facts',
    id: 'engine',
    title: say('engine'),
    area: 'half',
    rank: 0,
    lines: [
      [
        fact('link', say('link'), [word(link, say(`link.${link}`), LINK_TONES[link])]),
        fact('up', say('up'), [span(Math.max(0, wallAt - startedAt))]),
        fact('epoch', say('epoch'), [count(state.epoch)]),
        fact('pid', say('pid'), [plain(`${pid}`)]),
      ],
      [
        fact('memory', say('memory'), [bytesCell(memoryBytes)]),
        fact('cpu', say('cpu'), [
          { value: cpuShare, text: cpuShare === null ? UNKNOWN : percent(cpuShare, { digits: 1 }) },
        ]),
      ],
      [
        fact('version', say('version'), [plain(version)]),
        fact('build', say('build'), [plain(build)], 1),
        fact('node', say('node'), [plain(node)], 1),
      ],
    ],
  };
}

function feedBlock({ feed: label, now }: Scene, system: SystemFrame, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const { feed, wallAt, clockOffsetMs: offsetMs } = system;
  const offset: Cell =
    offsetMs === null
      ? { value: null, text: UNKNOWN, tone: 'muted' }
      : {
          value: offsetMs,
          text: `${decimal(offsetMs, { digits: 0, signed: true })} ms`,
          tone: offsetTone(offsetMs) === 'good' ? 'plain' : offsetTone(offsetMs),
        };
  return {
    kind: 'facts',
    id: 'feed',
    title: say('feed'),
    area: 'half',
    rank: 1,
    lines: [
      [
        fact('name', '', [plain(feed.name), ...(label.startsWith(feed.name) ? [] : [plain(label, 'muted')])]),
        fact('state', '', [word(feed.state, say(`state.${feed.state}`), FEED_TONES[feed.state])]),
        fact('speed', say('speed'), [{ value: feed.speed, text: feed.speed === 0 ? say('max') : `x${feed.speed}` }]),
        fact('reconnects', say('reconnects'), [count(feed.reconnects)], 1),
      ],
      [
        fact('engineClock', say('engineClock'), [
          now === null ? plain(UNKNOWN) : { value: now, text: clockText(now, ui) },
        ]),
        fact('wall', say('wall'), [{ value: wallAt, text: clockText(wallAt, ui) }]),
        // An exchange tells its clock in a block of its own.
        ...(system.exchange === undefined ? [fact('offset', say('offset'), [offset])] : []),
      ],
      ...(feed.error === null ? [] : [[fact('error', say('error'), [plain(feed.error, 'warn')])]]),
    ],
  };
}

function venueBlock({ venue }: SystemFrame, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const { name, state, latencyMs } = venue;
  return {
    kind: 'facts',
    id: 'venue',
    title: say('venue'),
    area: 'half',
    rank: 1,
    lines: [
      [
        fact('name', '', [plain(name)]),
        fact('state', '', [word(state, say(`state.${state}`), state === 'up' ? 'good' : 'bad')]),
        fact('latency', say('latency'), [millis(latencyMs)]),
      ],
    ],
  };
}

function databaseBlock({ database }: SystemFrame, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const { file, bytes, lastSeq, commitMsP50, commitMsP99, isShort } = database;
  const whole = isShort ? word('short', say('short'), 'bad') : word('whole', say('whole'), 'good');
  return {
    kind: 'facts',
    id: 'database',
    title: say('database'),
    area: 'half',
    rank: 1,
    lines: [
      [
        fact('lastSeq', say('lastSeq'), [count(lastSeq)]),
        fact('size', say('size'), [bytesCell(bytes)]),
        fact('commit', say('commit'), [millis(commitMsP50)]),
        fact('commitSlow', say('commitSlow'), [millis(commitMsP99, COMMIT_MS_MAX)]),
      ],
      [fact('whole', '', [whole])],
      [fact('file', say('file'), [plain(file, 'muted')])],
    ],
  };
}

function clientsBlock(system: SystemFrame, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'clients',
    title: say('clients'),
    area: 'wide',
    rank: 2,
    columns: [
      { name: 'client', title: say('client'), align: 'right', rank: 5 },
      { name: 'face', title: say('face') },
      { name: 'role', title: say('role'), rank: 4 },
      { name: 'since', title: say('since'), align: 'right', rank: 3 },
      { name: 'painted', title: say('painted'), align: 'right' },
      { name: 'skipped', title: say('skipped'), align: 'right', rank: 1 },
      { name: 'lag', title: say('lag'), align: 'right' },
      { name: 'sent', title: say('sent'), align: 'right', rank: 2 },
    ],
    rows: system.clients.map((client) => clientRow(client, system.wallAt, ui)),
    empty: say('noClient'),
  };
}

function clientRow(client: ClientFrame, wallAt: number, ui: Ui): Row {
  const say = tongue(ui);
  const { paintedAt, lagMs, role } = client;
  const painted = paintedAt === null ? UNKNOWN : say('ago', { age: age(Math.max(0, wallAt - paintedAt)) });
  return {
    key: `${client.client}`,
    cells: [
      count(client.client),
      plain(client.face),
      word(role, say(`role.${role}`)),
      span(Math.max(0, wallAt - client.since)),
      { value: paintedAt, text: painted },
      count(client.skipped),
      millis(lagMs, LAG_MS_MAX),
      bytesCell(client.sentBytes),
    ],
  };
}

function errorsBlock({ errors, wallAt }: SystemFrame, ui: Ui): LogBlock {
  const say = tongue(ui);
  return {
    kind: 'log',
    id: 'errors',
    title: say('errors'),
    area: 'wide',
    rank: 1,
    lines: errors.map(({ at, text, count: times }, index) => ({
      key: `${at} ${index}`,
      cells: [
        shortTimeCell(at, wallAt, ui),
        { value: times, text: times > 1 ? say('times', { count: times }) : '', tone: 'warn' as const },
        plain(text, 'bad'),
      ],
    })),
    empty: say('noError'),
  };
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `96.0 MB`: powers of 1024. */
function bytesCell(bytes: number): Cell {
  let size = bytes;
  let unit = 0;
  while (size >= 1_024 && unit < UNITS.length - 1) {
    size /= 1_024;
    unit++;
  }
  return { value: bytes, text: `${decimal(size, { digits: unit === 0 ? 0 : 1 })} ${UNITS[unit]}` };
}

function actionsOf(scene: Scene, ui: Ui): readonly Action[] {
  const say = tongue(ui);
  const named = ['--profile', scene.profile];
  return [
    {
      id: 'logs',
      label: say('logs'),
      key: 'L',
      stakes: 'none',
      link: { to: 'command', words: ['engine', 'logs', ...named] },
    },
    {
      id: 'verify',
      label: say('verify'),
      key: 'v',
      stakes: 'none',
      link: { to: 'command', words: ['journal', 'verify', ...named] },
      disabled: verifyBar(scene, ui),
    },
  ];
}
