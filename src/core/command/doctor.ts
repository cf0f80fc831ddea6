import { profile } from './argv/engine.ts';
import { accept, type OptionSpec, reject } from './argv/spec.ts';
import { type Context, defineCommand } from './command.ts';
import { bridgeCheck } from './doctor/bridge.ts';
import { type Check, checksOf, type Verdict } from './doctor/check.ts';
import { engineCheck } from './doctor/engine.ts';
import { machineChecks } from './doctor/machine.ts';
import { venueChecks } from './doctor/venue.ts';
import { exchangeName } from './keys/exchange-name.ts';
import { type Block, type Cell, done, fact, plain, type Tone } from './outcome.ts';
import type { Ports } from './ports.ts';

const SCHEMA = 'dzentra.doctor/1';
const TONES: Readonly<Record<Verdict, Tone>> = { ok: 'good', warn: 'warn', bad: 'bad', off: 'muted' };

/** As many exchanges as wanted. */
function exchangeNames(about: string): OptionSpec<readonly string[]> {
  const one = exchangeName(about);
  return {
    ...one,
    placeholder: 'NAME',
    repeated: true,
    read(texts) {
      const names: string[] = [];
      for (const text of texts) {
        const reading = one.read([text]);
        if (!reading.ok) return reject(reading.fix);
        names.push(reading.value ?? '');
      }
      return accept([...new Set(names)]);
    },
  };
}

export const doctor = defineCommand({
  about: [
    'Looks at everything that trading stands on: Node.js, folders, journal, disk, terminal, keyring, engine and the bridge to Telegram, and for each exchange the network, the clock, the key and what it may do. Each line is ok, warn, bad or off (not set up), with what was found and what to do. Nothing is changed and no secret is shown.',
    'Exit code 1 where a line is bad. Exchanges are those of the configuration file and those that a key is kept of.',
  ],
  args: {},
  options: {
    exchange: exchangeNames('Exchange to look at, in place of those; may be repeated.'),
    profile: profile('Profile that is looked at; else the one of the configuration.'),
  },
  examples: ['dzentra doctor', 'dzentra doctor --exchange binanceusdm', 'dzentra doctor --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['sound', 'boolean', 'whether no line is bad'],
    ['checks', 'array', 'a line each'],
    [
      'checks[].name',
      'code',
      'node, user, config, folder, database, disk, log, terminal, keyring, engine, bridge; network, clock, key, mode',
    ],
    ['checks[].exchange', 'text|null', 'the exchange; null for the machine'],
    ['checks[].verdict', 'code', 'ok, warn, bad or off'],
    ['checks[].found', 'text', 'what was found'],
    ['checks[].fix', 'text|null', 'what to do'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const name = ports.engine.profile(options.profile);
    const machine = [
      ...machineChecks(await ports.doctor.machine(name), name),
      engineCheck(await ports.engine.status(name), context.version),
      await bridgeCheck(ports.bridge, name),
    ];
    const exchanges = await unlessStopped(context.signal, exchangeChecks(context, ports, options.exchange));
    if (exchanges === undefined) return { kind: 'interrupted', saved: [] };
    const checks: readonly Check[] = [...machine, ...exchanges];
    const sound = checks.every(({ verdict }) => verdict !== 'bad');
    const data = { schema: SCHEMA, sound, checks };
    const blocks = [context.isPiped === false ? factsOf(checks) : tableOf(checks)];
    return sound ? done(data, blocks) : { kind: 'failed', data, blocks };
  },
});

/** Networks may take their time: a signal does not wait for them. */
async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => resolve(undefined);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function exchangeChecks(context: Context, ports: Ports, told: readonly string[]): Promise<readonly Check[]> {
  const names = told.length > 0 ? told : await ports.doctor.exchanges();
  if (names.length === 0) {
    const fix = 'dzentra doctor --exchange binanceusdm, or a table [exchanges.binanceusdm] in the configuration';
    return [checksOf('network').off('no exchange is named', fix)];
  }
  const progress = context.progress('doctor');
  const checks: Check[] = [];
  for (const [i, exchange] of names.entries()) {
    progress(i, names.length);
    checks.push(...(await venueChecks(exchange, ports.doctor.network, ports.keys, context.askSecret)));
  }
  return checks;
}

const titleOf = ({ name, exchange }: Check): string => (exchange === null ? name : `${name} ${exchange}`);

/** Lines that a terminal wraps: the verdict and what was found, what to do beneath it. */
function factsOf(checks: readonly Check[]): Block {
  const facts = checks.flatMap((check) => {
    const { verdict, found, fix } = check;
    const title = `${verdict.padEnd(4)}  ${titleOf(check)}`;
    const line = fact(check.name, title, { value: found, text: found, tone: TONES[verdict] });
    return fix === null ? [line] : [line, fact('fix', '', `to do: ${fix}`)];
  });
  return { kind: 'facts', facts };
}

function tableOf(checks: readonly Check[]): Block {
  const columns = ['verdict', 'what', 'found', 'fix'].map((name) => ({ name, title: name }));
  const rows = checks.map((check): readonly Cell[] => {
    const { verdict, found, fix } = check;
    return [plain(verdict, TONES[verdict]), plain(titleOf(check)), plain(found), { value: fix, text: fix ?? '' }];
  });
  return { kind: 'table', columns, rows, empty: 'nothing' };
}
