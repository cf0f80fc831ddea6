import { readFile, writeFile } from 'node:fs/promises';
import { speed as speedOf } from '../command/argv/engine.ts';
import type { EngineOptions } from '../command/engine.ts';
import type { ConfigPorts } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { template } from '../config/keys.ts';
import { type ConfigProblem, type FileConfig, isProblem, readConfig } from '../config/read.ts';
import { resolve } from '../config/resolve.ts';
import type { Webhook } from '../config/webhook.ts';
import { makeFolder } from '../platform/folder.ts';
import type { Ceilings } from '../risk/defaults.ts';
import { nearest } from '../strategy/nearest.ts';
import { configFileOf, type Paths } from './paths.ts';

/** The configuration file of the user, with environment and flags over it. Without a file no parser is loaded. */
export function configPorts(paths: Paths, env: Readonly<Record<string, string | undefined>>): ConfigPorts {
  const file = configFileOf(paths);
  let read: Promise<FileConfig | ConfigProblem | undefined> | undefined;
  return {
    file,
    async load(flags = {}) {
      read ??= fileOf(file);
      const found = await read;
      if (found !== undefined && isProblem(found)) return refusalOf(file, found);
      const config = resolve({ file, read: found, env, flags });
      return 'expected' in config ? refusalOf(file, config) : config;
    },
    async init() {
      makeFolder(paths.config);
      try {
        await writeFile(file, template(), { flag: 'wx', mode: 0o600 });
      } catch (problem) {
        if (!isExisting(problem)) throw problem;
        return refusal(2, 'FILE_EXISTS', 'no configuration file yet', file, 'edit it, then: dzentra config check');
      }
      return { file };
    },
  };
}

const isExisting = (problem: unknown): boolean =>
  problem instanceof Error && 'code' in problem && problem.code === 'EEXIST';

async function fileOf(file: string): Promise<FileConfig | ConfigProblem | undefined> {
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return undefined;
    const found = problem instanceof Error ? problem.message : String(problem);
    return {
      path: '',
      line: undefined,
      expected: 'a configuration file that can be read',
      found,
      fix: `look at ${file}`,
    };
  }
  return await readConfig(source, nearest);
}

function refusalOf(file: string, { line, expected, found, fix }: ConfigProblem): Refusal {
  const place = line === undefined ? file : `${file}:${line}`;
  return refusal(2, 'BAD_CONFIG', expected, `${found} in ${place}`, fix);
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** What an engine starts with. */
export interface EngineSetup {
  readonly options: EngineOptions;
  readonly ceilings: Ceilings;
  readonly webhook?: Webhook | undefined;
}

/**
 * What an engine starts with: as given (or as it was last), else as the configuration of its profile says. Ceilings are
 * those of the file alone.
 */
export async function engineConfig(
  paths: Paths,
  env: Readonly<Record<string, string | undefined>>,
  options: EngineOptions,
): Promise<EngineSetup | Refusal> {
  const config = await configPorts(paths, env).load({ profile: options.profile });
  if (isRefusal(config)) return config;
  const { feed, speed, log } = config.run;
  const pace = speedOf('').read(speed === undefined ? [] : [speed]);
  const bad = (key: string, expected: string, found = ''): Refusal =>
    refusal(2, 'BAD_CONFIG', `${key} with ${expected}`, `"${found}" in ${config.file}`, 'dzentra config show');
  if (!pace.ok) return bad('speed', 'max or a number above zero', speed);
  const level = LEVELS.find((each) => each === log);
  if (log !== undefined && level === undefined) return bad('log', `one of ${LEVELS.join(', ')}`, log);
  const given = {
    profile: options.profile,
    feed: options.feed ?? feed,
    speed: options.speed ?? pace.value,
    logLevel: options.logLevel ?? level,
  };
  return { options: given, ceilings: config.ceilings, webhook: config.webhook };
}
