import { type EngineStatus, silentFix } from '../engine.ts';
import { type Check, checksOf } from './check.ts';

/** Whether the engine of a profile runs, and whether it is of this version. */
export function engineCheck(status: EngineStatus, version: string): Check {
  const { ok, off, warn, bad } = checksOf('engine');
  const { profile } = status;
  if (status.state === 'stopped')
    return off(`none runs for profile ${profile}`, `dzentra engine start --profile ${profile}`);
  if (status.state === 'silent') {
    const { pid } = status;
    return bad(`process ${pid ?? '?'} holds the journal of ${profile} and does not answer`, silentFix(pid));
  }
  const own = status.scene.system?.version ?? status.picture?.engine ?? version;
  const found = `runs for profile ${profile}, pid ${status.pid}, version ${own}`;
  return own === version ? ok(found) : warn(`${found}; this program is ${version}`, 'dzentra engine restart');
}
