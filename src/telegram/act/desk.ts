import type { Clock } from '../clock.ts';
import type { BridgeLog, EngineClient, FaceLine, Line, Locale, Pictures, Scene } from '../core.ts';
import { commandLine } from '../core.ts';
import type { Acts, Asked, Order, Question, Told } from './acts.ts';
import { barred } from './barred.ts';
import { type ParsedCommand, readWords, withOptions } from './line.ts';
import { ANSWER_MS, type Choice, createQuestions, type Questions } from './questions.ts';
import { readSlash } from './slash.ts';
import { type Kind, kindGiven, kindOf } from './stakes.ts';
import { type Subject, subjectOf } from './subject.ts';

/** What acts are made with. */
export interface ActsOptions {
  readonly client: EngineClient;
  /** The command line with face `telegram`, as wide as a phone. */
  readonly line: Pick<FaceLine, 'run'>;
  readonly pictures: Pictures;
  readonly clock: Clock;
  /** Whether what raises risk may be asked for at all. */
  readonly raisesRisk: boolean;
  readonly log: Pick<BridgeLog, 'info' | 'error'>;
  readonly profile: string;
  /** The sandbox of the debug engine as a scene; undefined where none is begun. */
  sandbox?(): Promise<Scene | undefined>;
}

type Stamp = NonNullable<Parameters<FaceLine['run']>[2]>;
type Result = Awaited<ReturnType<FaceLine['run']>>;

/** Nobody waits longer: what goes on then goes on in the engine, which tells of it. */
const RUN_MS_MAX = 20_000;
/** What a deed is followed for. */
const FOLLOW = '8s';
const LINES_MAX = 200;
/** Columns of a phone. */
const COLUMNS = 38;

/** Acts of everybody in all chats, over one engine. */
export function createActs(options: ActsOptions): Acts {
  return new Desk(options);
}

class Desk implements Acts {
  readonly #of: ActsOptions;
  readonly #questions: Questions;

  constructor(options: ActsOptions) {
    this.#of = options;
    this.#questions = createQuestions(options.clock);
  }

  order({ words, label, stakes }: Order, asked: Asked): Promise<Told | Question> {
    return this.#safely(() => this.#carry(words, { label, stakes, asked, isTyped: false }));
  }

  confirm(nonce: string, choice: number, asked: Asked): Promise<Told | Question> {
    return this.#safely(() => this.#confirmed(nonce, choice, asked));
  }

  cancel(nonce: string, asked: Asked): void {
    this.#questions.take(nonce, asked);
  }

  typed(text: string, asked: Asked): ReturnType<Acts['typed']> {
    return this.#safely(async () => {
      const { SCREEN_IDS } = this.#of.pictures;
      const { COMMANDS } = await commandLine();
      if (/^\/debug_auto_screen\b/i.test(text.trim()) && this.#of.sandbox !== undefined)
        return this.#autoOfSandbox(asked);
      const typed = readSlash(text.trim(), { commands: COMMANDS, screens: SCREEN_IDS });
      if (typed.is === 'screen') return typed;
      if (typed.is === 'unknown') return await this.#unknown(typed.given);
      const label = typed.words.slice(0, 2).join(' ');
      return await this.#carry(typed.words, { label, stakes: 'none', asked, isTyped: true });
    });
  }

  async #carry(words: readonly string[], wish: Wish): Promise<Told | Question> {
    const command = await readWords(words);
    // Help, or a mistake: the line tells of both.
    if (command === undefined) return this.#look(words);
    const kind = this.#kindOf(command, wish.stakes);
    const refused = this.#refused(command, kind, wish.asked);
    if (refused !== undefined) return refused;
    switch (kind) {
      case 'looks':
        return this.#look(command.words);
      case 'debug':
        return await this.#debug(command, wish.asked);
      case 'acts':
        return await this.#do(command.words, wish.asked);
      default:
        return await this.#asked(command, kind, wish);
    }
  }

  /** As the registry of commands is classified; what a screen says of an action can only make it more. */
  #kindOf(command: ParsedCommand, stakes: Order['stakes']): Kind {
    const { name, input } = command;
    const kind = kindGiven(name, input.options, this.#heldOf(command));
    return stakes !== 'none' && (kind === 'looks' || kind === 'acts') ? stakes : kind;
  }

  #refused(command: ParsedCommand, kind: Kind, { person }: Asked): Told | undefined {
    const { client, profile, raisesRisk } = this.#of;
    const say = this.#say;
    const { name } = command;
    if (kind === 'never') return no(say('never', { name }), say('neverHow', { name }));
    const option = barred(command, profile);
    if (option !== undefined) return no(say('option', { option }), say('optionHow'));
    if (kind === 'looks') return undefined;
    if (person.role !== 'operator') return no(say('viewer'), say('viewerHow'));
    if (kind === 'debug') return client.scene().isDebugEnabled ? undefined : no(say('debugOff'), say('debugHow'));
    if (kind === 'raises' && !raisesRisk) return no(say('raises'), say('raisesHow'));
    return client.scene().link === 'up' ? undefined : no(say('lost'));
  }

  /** Asks once more, with what is at stake as it is now. */
  async #asked(command: ParsedCommand, kind: Kind, wish: Wish, isChanged = false): Promise<Told | Question> {
    const { client } = this.#of;
    const scene = client.scene();
    const subject = subjectOf(command, scene);
    // Nothing, or several: the command says so. An engine of another version tells no scene: what may be asked there goes.
    if (subject === undefined && client.picture === undefined) return this.#look(command.words);
    const found: Subject = subject ?? { runs: [], accounts: [], ways: [{ run: undefined, words: command.words }] };
    const draft = await this.#draft(command);
    if (draft !== undefined && !draft.isOk) return draft;
    const { pictures } = this.#of;
    const { lines } = pictures.restated(scene, found, this.#locale);
    const choices = this.#choices(command, kind, found, wish.label);
    const { person, message } = wish.asked;
    const at = { is: wish.isTyped ? 'after' : 'at', number: message } as const;
    const of = { label: wish.label, choices, message: at, user: person.user, chat: person.chat };
    const { nonce, until } = this.#questions.add(of);
    const head = [
      ...(isChanged ? [bold(this.#say('changed'), 'warn')] : []),
      bold(this.#say('question', { label: wish.label }), 'accent'),
      ...(choices.length === 1 ? [muted(pictures.clean(`/${choices[0]?.words.join(' ')}`, false))] : []),
    ];
    const foot = muted(this.#say('within', { seconds: ANSWER_MS / 1_000 }));
    const all = [...head, ...lines, ...draftLines(draft), foot];
    return { is: 'question', nonce, until, lines: all, choices: choices.map(({ text }) => text) };
  }

  /** A stop with an open position asks what becomes of it, and what fits several runs which; all else is done or left. */
  #choices(command: ParsedCommand, kind: Kind, { runs, accounts, ways }: Subject, label: string): readonly Choice[] {
    const say = this.#say;
    const scene = this.#of.client.scene();
    const { keep, flatten } = command.input.options;
    return ways.flatMap(({ run, words }) => {
      const isAsked = command.name === 'auto stop' && run?.position !== undefined && keep !== true && flatten !== true;
      const what = isAsked ? [say('keep'), say('flatten')] : [say('yes', { label })];
      const about =
        ways.length > 1 && run !== undefined ? { runs: [run], accounts: [run.account] } : { runs, accounts };
      const { stand } = this.#of.pictures.restated(scene, about, this.#locale);
      const whose =
        ways.length > 1 && run !== undefined ? `  ${run.symbol.split('/')[0]} ${say('run', { run: run.run })}` : '';
      return what.map((text, i): Choice => {
        const option = isAsked ? [i === 0 ? '--keep' : '--flatten'] : this.#confirmOption(command, kind, run?.symbol);
        return { text: text + whose, words: withOptions(words, option), stand };
      });
    });
  }

  /** In live the word that a terminal has typed is the press here. */
  #confirmOption({ command, input }: ParsedCommand, kind: Kind, symbol: string | undefined): readonly string[] {
    const { confirm, symbol: given = symbol } = input.options;
    const isWanted = kind === 'raises' && this.#of.client.scene().mode === 'LIVE' && 'confirm' in command.options;
    return isWanted && confirm === undefined && typeof given === 'string' ? [`--confirm=${given}`] : [];
  }

  /** An order by hand as it would go now, or why it would not. */
  async #draft({ name, words }: ParsedCommand): Promise<Told | undefined> {
    if (name !== 'trade buy' && name !== 'trade sell') return undefined;
    const rest: string[] = [];
    for (let i = 2; i < words.length; i++) {
      const word = words[i] ?? '';
      const isOther = /^--(confirm|id|wait)(=|$)/.test(word);
      if (isOther && !word.includes('=')) i++;
      if (!isOther && !/^--(no-)?dry-run(=|$)/.test(word)) rest.push(word);
    }
    return await this.#look(['trade', 'draft', name === 'trade buy' ? 'buy' : 'sell', ...rest]);
  }

  async #confirmed(nonce: string, choice: number, asked: Asked): Promise<Told | Question> {
    const found = this.#questions.take(nonce, asked);
    if (typeof found === 'string') return no(this.#say(found));
    const chosen = found.choices[choice];
    const command = chosen === undefined ? undefined : await readWords(chosen.words);
    if (chosen === undefined || command === undefined) return no(this.#say('over'));
    const kind = kindGiven(command.name, command.input.options, this.#heldOf(command));
    // Who asked may have lost his role, the engine its link.
    const refused = this.#refused(command, kind, asked);
    if (refused !== undefined) return refused;
    const scene = this.#of.client.scene();
    const subject = subjectOf(command, scene) ?? { runs: [], accounts: [] };
    const { stand } = this.#of.pictures.restated(scene, subject, this.#locale);
    if (stand === chosen.stand) return await this.#do(chosen.words, asked);
    return await this.#asked(command, kind, { label: found.label, stakes: 'none', asked, isTyped: false }, true);
  }

  /** What the one run has that a command would set; undefined where it is not one. */
  #heldOf(command: ParsedCommand) {
    const runs = subjectOf(command, this.#of.client.scene())?.runs ?? [];
    return runs.length === 1 ? runs[0]?.risk : undefined;
  }

  async #debug(command: ParsedCommand, asked: Asked): Promise<Told> {
    const { words } = command;
    const given = command.name === 'debug signal' ? words.find((word) => word.startsWith('symbol=')) : undefined;
    if (given === undefined) return await this.#do(words, asked);
    const sandbox = await this.#of.sandbox?.();
    const found = sandbox?.state.runs[0]?.symbol;
    if (found === undefined) return no(this.#say('noSandbox'));
    const symbol = given.slice('symbol='.length).toUpperCase();
    const isIt = symbol === found.toUpperCase() || symbol === found.split('/')[0]?.toUpperCase();
    if (!isIt)
      return no(this.#say('debugSymbol', { found, given: this.#of.pictures.clean(symbol.slice(0, 32), false) }));
    return await this.#do(
      words.filter((word) => word !== given),
      asked,
    );
  }

  async #autoOfSandbox({ person }: Asked): Promise<Told> {
    const { client, pictures, sandbox } = this.#of;
    if (person.role !== 'operator') return no(this.#say('viewer'), this.#say('viewerHow'));
    if (!client.scene().isDebugEnabled) return no(this.#say('debugOff'), this.#say('debugHow'));
    const scene = await sandbox?.();
    if (scene === undefined) return no(this.#say('noSandbox'));
    const view = pictures.viewOf(scene, pictures.emptyUi('auto', this.#locale));
    const lines = pictures.layout(view, { columns: COLUMNS, ascii: false, isFlat: true });
    return { is: 'told', isOk: true, summary: this.#say('debugAuto'), lines };
  }

  async #unknown(given: string): Promise<Told> {
    const { COMMANDS, nearest } = await commandLine();
    const { SCREEN_IDS } = this.#of.pictures;
    const names = COMMANDS.filter(({ path }) => kindOf(path.join(' ')) !== 'never').map(({ path }) => path.join('_'));
    const near = nearest(given.replace(/^\//, ''), [...SCREEN_IDS, ...names]);
    const shown = this.#of.pictures.clean(given.slice(0, 64), false);
    const more = near === undefined ? [] : [this.#say('near', { names: `/${near}` })];
    return no(this.#say('unknown', { given: shown }), ...more, this.#say('howToType'));
  }

  /** Runs words that may ask the engine for nothing. */
  #look(words: readonly string[]): Promise<Told> {
    return this.#run(words, () => {
      throw new Error(this.#say('only'));
    });
  }

  /** Runs words once: the same update again gets the engine's first answer. */
  async #do(words: readonly string[], asked: Asked): Promise<Told> {
    const { person, update, message } = asked;
    let asks = 0;
    const stamp: Stamp = (asking) => ({
      ...asking,
      // The message beside the update: numbers of updates begin anew with another bot, and after a quiet week.
      id: `tg${update}.${message}.${++asks}`,
      who: `telegram:${person.user}`,
    });
    const command = await readWords(words);
    const isFollowed =
      command !== undefined && 'wait' in command.command.options && !/ --wait[= ]/.test(words.join(' '));
    const told = await this.#run(isFollowed ? withOptions(words, [`--wait=${FOLLOW}`]) : words, stamp);
    this.#of.log.info('done from a phone', { words: words.join(' '), user: person.user, update, isOk: told.isOk });
    return told;
  }

  async #run(words: readonly string[], stamp: Stamp): Promise<Told> {
    const { line, clock } = this.#of;
    const abort = new AbortController();
    const cancel = clock.after(RUN_MS_MAX, () => abort.abort());
    try {
      return told(await line.run(words, abort.signal, stamp));
    } finally {
      cancel();
    }
  }

  async #safely<T>(work: () => Promise<T>): Promise<T | Told> {
    try {
      return await work();
    } catch (problem) {
      const text = problem instanceof Error ? problem.message : String(problem);
      this.#of.log.error('a bug of the bridge: an act was not carried out', { text });
      return no(this.#say('bug', { problem: this.#of.pictures.clean(text.slice(0, 256), false) }));
    }
  }

  get #locale(): Locale {
    return this.#of.client.scene().state.options?.language === 'ru' ? 'ru' : 'en';
  }

  get #say() {
    const { pictures } = this.#of;
    return pictures.words(pictures.telegramActWords, this.#locale);
  }
}

/** What is wanted, from where. */
interface Wish {
  readonly label: string;
  readonly stakes: Order['stakes'];
  readonly asked: Asked;
  /** Its question comes in a message of its own. */
  readonly isTyped: boolean;
}

const lineOf = (text: string, tone: Line['spans'][number]['tone'], isBold: boolean): Line => ({
  spans: [{ text, tone, isBold }],
});
const bold = (text: string, tone: 'warn' | 'accent' | 'bad'): Line => lineOf(text, tone, true);
const muted = (text: string): Line => lineOf(text, 'muted', false);

/** What of a draft a person decides by. */
const DRAFT = /^(qty|price|notional|margin|fee|risk|stopPrice|targetPrice|liquidation|closesQty|closesFee) /;
const draftLines = (draft: Told | undefined): readonly Line[] =>
  (draft?.lines ?? []).filter(({ spans }) => DRAFT.test(spans.map(({ text }) => text).join('')));

/** A refusal: the first text says it in short. */
function no(...texts: readonly string[]): Told {
  const [summary = ''] = texts;
  return { is: 'told', isOk: false, summary, lines: texts.map((text) => lineOf(text, 'bad', false)) };
}

const told = ({ isOk, summary, lines }: Result): Told => ({
  is: 'told',
  isOk,
  summary,
  lines: lines.slice(0, LINES_MAX),
});
