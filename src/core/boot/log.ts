import { join } from 'node:path';
import { type Log, type LogLevel, openLog } from '../config/logging.ts';
import { logFile } from '../config/logging-file.ts';
import { processRedactor } from '../config/redact.ts';
import { steadyWall } from './timers.ts';

/** What is said of a process that trades and whose output is lost: a full disk, a terminal that went away. */
export const UNPRINTED = 'nothing can be printed any more; trading goes on';

/** The log of a profile: JSON lines in its folder, rotated by size, redacted. SIGUSR2 turns `debug` on and off. */
export async function profileLog(folder: string, profile: string, level: LogLevel): Promise<Log> {
  const log = await openLog({
    level,
    sink: logFile({ path: join(folder, 'dzentra.log') }),
    redactor: processRedactor,
    now: steadyWall(),
    fields: { profile, pid: process.pid },
  });
  const toggle = (): void => {
    log.level = log.level === 'debug' ? level : 'debug';
    log.info(`log level is ${log.level} now`);
  };
  process.on('SIGUSR2', toggle);
  return {
    ...log,
    get level() {
      return log.level;
    },
    set level(next) {
      log.level = next;
    },
    close() {
      process.off('SIGUSR2', toggle);
      log.close();
    },
  };
}
