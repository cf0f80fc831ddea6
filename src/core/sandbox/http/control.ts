import type { UserEvent } from '../account/account.ts';
import { type FaultProblem, isFault, isKind, kindProblem, readFault, type SandboxFaults } from '../faults.ts';
import type { World } from '../world.ts';
import { readChange } from './account-change.ts';
import { type Answer, json } from './answer.ts';
import type { Asking } from './dispatch.ts';

/** What the stand-in tells of itself. */
export interface Stats {
  /** Answers by `METHOD /path`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly weight: { readonly used: number; readonly limit: number };
  /** Open sockets, and those of them that stream. */
  readonly connections: number;
  readonly streams: number;
}

/** How a script, a test or a hand steers a stand-in while it runs: everything under `/sandbox`. Faults do not strike it. */
export function control(asking: Asking, world: World, faults: SandboxFaults, stats: () => Stats): Answer {
  const { market, clock } = world;
  switch (`${asking.method} ${asking.path}`) {
    case 'GET /sandbox/clock':
      return json({ now: market.now(), speed: market.speed, wall: clock.wall() });
    case 'GET /sandbox/stats':
      return json(stats());
    case 'GET /sandbox/faults':
      return json(faultList(faults));
    case 'POST /sandbox/faults':
      return setFaults(asking.body, faults);
    case 'DELETE /sandbox/faults':
      return clearFaults(asking.query, faults);
    case 'GET /sandbox/account':
      return json(world.account.state);
    case 'POST /sandbox/account':
      return setAccount(asking.body, world);
    case 'DELETE /sandbox/listen-keys':
      world.listenKeys.expire();
      return json({});
    default:
      return bad(
        {
          expected: 'clock, stats, faults, account or listen-keys under /sandbox',
          found: `${asking.method} ${asking.path}`,
          fix: 'GET /sandbox/clock, /sandbox/stats, /sandbox/faults; POST /sandbox/faults, /sandbox/account',
        },
        404,
      );
  }
}

const bad = (problem: FaultProblem, status = 400): Answer => json({ problem }, status);
const faultList = (faults: SandboxFaults) => ({ active: faults.all, waiting: faults.waiting });

/** JSON where the body is some, else its text: `delay:ms=500` may be posted as it is. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return /^\s*[[{"]/.test(body) ? undefined : body.trim();
  }
}

/** One fault or a list; all of them or none are set. */
function setFaults(body: string, faults: SandboxFaults): Answer {
  const source = parsed(body);
  const read = (Array.isArray(source) ? source : [source]).map(readFault);
  const wrong = read.find((one): one is FaultProblem => !isFault(one));
  if (wrong !== undefined) return bad(wrong);
  for (const one of read) if (isFault(one)) faults.set(one);
  return json(faultList(faults));
}

function clearFaults(query: string, faults: SandboxFaults): Answer {
  const kind = new URLSearchParams(query).get('kind') ?? undefined;
  if (kind !== undefined && !isKind(kind)) return bad(kindProblem(kind));
  faults.clear(kind);
  return json(faultList(faults));
}

/** Sets what is given, then sends the event that is given: `{"balances":[...],"reason":"DEPOSIT"}`. */
function setAccount(body: string, world: World): Answer {
  const source = parsed(body);
  const change = readChange(source, world.market);
  if ('expected' in change) return bad(change as FaultProblem);
  const { reason, event } = source as { readonly reason?: unknown; readonly event?: unknown };
  if (event !== undefined && !isEvent(event)) {
    const found = JSON.stringify(event).slice(0, 80);
    return bad({ expected: 'event with its name e and its time E', found, fix: 'copy one of Binance' });
  }
  world.account.set(change, typeof reason === 'string' ? reason : undefined);
  if (event !== undefined) world.account.tell(event);
  return json(world.account.state);
}

const isEvent = (value: unknown): value is UserEvent =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { e?: unknown }).e === 'string' &&
  typeof (value as { E?: unknown }).E === 'number';
