import { beforeAll, describe, expect, it } from 'vitest';
import { createFaceLine, type FaceLine, type FaceSurroundings } from '../../../../src/core/command/face/line.ts';
import { resultOf } from '../../../../src/core/command/face/result.ts';
import { done, plain } from '../../../../src/core/command/outcome.ts';
import type { Ports } from '../../../../src/core/command/ports.ts';
import type { Asking } from '../../../../src/core/domain/ask.ts';
import { pictures } from '../../../../src/core/index.ts';
import { stubClient } from '../../../tui/support/stub.ts';

const text = ({ lines }: { lines: readonly { spans: readonly { text: string }[] }[] }): string =>
  lines.map(({ spans }) => spans.map((span) => span.text).join('')).join('\n');

describe('the command line of a face', () => {
  const client = stubClient();
  const asked: string[] = [];
  let line: FaceLine;
  let around: FaceSurroundings;
  const never = new AbortController().signal;

  beforeAll(async () => {
    const engine: Partial<Ports['engine']> = {
      profile: (given) => given ?? 'default',
      connect: (profile) => {
        asked.push(profile);
        return Promise.reject(new Error('a second connection'));
      },
    };
    around = {
      face: 'tui',
      pictures: await pictures(),
      client,
      profile: 'demo',
      version: '9.9.9',
      ascii: false,
      columns: () => 100,
      boot: async () => ({ engine }) as Ports,
    };
    line = createFaceLine(around);
  });

  it('runs commands of the registry and shows their outcome as lines', async () => {
    const { isOk, summary, lines } = await line.run(['version'], never);
    expect(isOk).toBe(true);
    expect(summary).toContain('9.9.9');
    expect(text({ lines })).toContain('9.9.9');
    expect(text(await line.run(['journal'], never))).toContain('journal list');
  });

  it('uses the connection that is there', async () => {
    const { isOk, lines } = await line.run(['panic', '--account', 'nobody'], never);
    expect([isOk, asked]).toEqual([false, []]);
    expect(text({ lines })).toContain('nobody');
    await line.run(['panic', '--profile', 'other'], never);
    expect(asked).toEqual(['other']);
  });

  it('says in short what happened last, not that an alert was raised of it', async () => {
    const row = (kind: string, what: string) => [plain(kind), plain(what)];
    const columns = ['kind', 'text'].map((name) => ({ name, title: name }));
    const summaryOf = async (...rows: ReturnType<typeof row>[]) =>
      (await resultOf(around, done({}, [{ kind: 'table', columns, rows, empty: 'done' }]), [])).summary;
    const closed = row('position_closed', 'LONG 0.064  -1.88');
    const raised = row('alert_raised', 'alert 2 MEDIUM position_closed');
    expect(await summaryOf(row('close_asked', 'manual'), closed, raised)).toBe('position_closed  LONG 0.064  -1.88');
    expect(await summaryOf(raised)).toBe('alert_raised  alert 2 MEDIUM position_closed');
  });

  it('asks as the face, under the stamp that it is given, and not at all where that throws', async () => {
    const stamped: Asking[] = [];
    const follower = { ...stubClient(), ask: client.ask };
    follower.ask = async (_ask, asking) => {
      stamped.push(asking);
      return { ok: true, entries: [], isRepeated: false, run: 7 };
    };
    const phone = createFaceLine({ ...around, face: 'telegram', client: follower });
    await phone.run(['auto', 'pause'], never, (asking) => ({ ...asking, id: 'tg5.1', who: 'Ann/42' }));
    await phone.run(['auto', 'pause'], never);
    const { isOk, lines } = await phone.run(['auto', 'pause'], never, () => {
      throw new Error('looking is all that is allowed');
    });
    expect(stamped).toEqual([
      { id: 'tg5.1', who: 'Ann/42', face: 'telegram', isDryRun: false },
      { id: undefined, who: 'operator', face: 'telegram', isDryRun: false },
    ]);
    expect([isOk, text({ lines })]).toEqual([false, 'looking is all that is allowed']);
  });

  it.each([
    [['jurnal'], 'UNKNOWN_COMMAND'],
    [['engine', 'run'], 'terminal of its own'],
    [['engine', '--profile', 'other', 'run'], 'terminal of its own'],
    [['auto', 'start', '--foreground'], 'terminal of its own'],
    [['auto', '--foreground=true', 'start'], 'terminal of its own'],
    [['why', '\u001b[2Jx'], '?[2Jx'],
  ])('refuses %j', async (words, said) => {
    const { isOk, lines } = await line.run(words, never);
    expect(isOk).toBe(false);
    expect(text({ lines })).toContain(said);
    expect(text({ lines })).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('finds what is wrong with each field of a form', async () => {
    const options = { risk: ['--risk=9'], leverage: ['--leverage=2'], sl: ['--sl=often'] };
    const problems = await line.check(['risk', 'set'], options);
    expect(Object.keys(problems)).toEqual(['risk', 'sl']);
    expect(problems.risk).toContain('0.5%');
  });

  it('hints at commands, then at their options', async () => {
    const names = (await line.hints('jour')).map((hint) => hint.text);
    expect(names).toContain('journal list');
    expect(names).not.toContain('why');
    expect((await line.hints('journal list --')).map((hint) => hint.text)).toContain('journal list --kind');
    expect(await line.hints('why 8')).toEqual([]);
    const side = (await line.hints('alert add BTC/USDT:USDT ')).map((hint) => hint.text);
    expect(side.slice(0, 2)).toEqual(['alert add BTC/USDT:USDT above', 'alert add BTC/USDT:USDT below']);
    expect((await line.hints('settings set qu')).map((hint) => hint.text)).toEqual(['settings set quiet']);
  });

  it('hints, helps and refuses in the language of the face', async () => {
    const russian = createFaceLine({ ...around, locale: 'ru' });
    expect(await russian.hints('journal veri')).toEqual([
      { text: 'journal verify', about: 'Проверить, что журнал цел и не изменён' },
    ]);
    expect(text(await russian.run(['help', 'journal'], never))).toContain('Показать конец журнала');
    expect(text(await russian.run(['jurnal'], never))).toContain('ожидалось');
    expect((await line.hints('journal veri'))[0]?.about).toBe('Check that a journal is whole and was not changed');
  });
});
