import { join } from 'node:path';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import type { BridgeLog, BridgePorts, BridgeSettings } from '../command/telegram/ports.ts';
import { isProxy, PROXY_EXPECTED, proxyOf, shownProxy } from '../config/exchanges.ts';
import { openLog } from '../config/logging.ts';
import { logFile } from '../config/logging-file.ts';
import { processRedactor } from '../config/redact.ts';
import { isApiOnLoopback, TELEGRAM_API } from '../config/telegram.ts';
import { configPorts } from './config.ts';
import { type Paths, profileFolder } from './paths.ts';
import { BRIDGE_LOG, bridgeStatus, startBridge, stopBridge } from './telegram-process.ts';
import { lookAt, openStore } from './telegram-store.ts';
import { givenToken, keptToken, tokenOf } from './telegram-token.ts';
import { steadyWall } from './timers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Bridges of this user, by profile: what they read, what they keep, and their processes. */
export function bridgePorts(paths: Paths, env: Environment): BridgePorts {
  const folderOf = (profile: string): string => profileFolder(paths, profile);
  return {
    settings: (profile) => settingsOf(paths, env, profile),
    token: (profile) => tokenOf(paths, env, profile),
    given: (text) => Promise.resolve(givenToken(paths, env, text)),
    keepToken: (profile, token) => keptToken(paths, env, profile, token),
    open: (profile) => openStore(folderOf(profile), profile),
    look: (profile) => Promise.resolve(lookAt(folderOf(profile))),
    status: (profile) => Promise.resolve(bridgeStatus(paths, profile)),
    start: (profile, signal) => startBridge(paths, env, profile, signal),
    stop: (profile, signal) => stopBridge(paths, profile, signal),
    log: (profile) => bridgeLog(folderOf(profile), profile),
  };
}

/** `[telegram]` of the configuration, with the proxy of the environment where the file names none. */
async function settingsOf(paths: Paths, env: Environment, profile: string): Promise<BridgeSettings | Refusal> {
  const config = await configPorts(paths, env).load({ profile });
  if (isRefusal(config)) return config;
  const { api = TELEGRAM_API, proxy: told, groups = false, raisesRisk = false } = config.telegram ?? {};
  const settings = { api, groups, raisesRisk };
  if (isApiOnLoopback(api)) return settings;
  const proxy = told ?? proxyOf(env, new URL(api).hostname);
  if (proxy === undefined) return settings;
  if (isProxy(proxy)) return { ...settings, proxy };
  return refusal(2, 'BAD_PROXY', PROXY_EXPECTED, `"${shownProxy(proxy)}"`, 'set proxy in [telegram], or HTTPS_PROXY');
}

/** JSON lines beside the log of the engine; two processes never write one file. */
async function bridgeLog(folder: string, profile: string): Promise<BridgeLog> {
  const log = await openLog({
    level: 'info',
    sink: logFile({ path: join(folder, BRIDGE_LOG) }),
    redactor: processRedactor,
    now: steadyWall(),
    fields: { profile, pid: process.pid },
  });
  return {
    info: (text, facts) => log.info(text, facts),
    warn: (text, facts) => log.warn(text, facts),
    error: (text, facts) => log.error(text, facts),
    close() {
      log.close();
      return Promise.resolve();
    },
  };
}
