import type { DoctorPorts } from '../command/doctor/ports.ts';
import { isRefusal } from '../command/refusal.ts';
import { listKeys } from '../config/secrets/store.ts';
import { configPorts } from './config.ts';
import { machineFacts } from './doctor-machine.ts';
import { doctorNetwork } from './doctor-network.ts';
import type { Paths } from './paths.ts';
import { secretPlaces } from './secret-places.ts';

/** What the doctor looks at. Nothing is made or changed by looking. */
export function doctorPorts(paths: Paths, env: Readonly<Record<string, string | undefined>>): DoctorPorts {
  return {
    machine: (profile) => machineFacts(paths, env, profile),
    async exchanges() {
      const config = await configPorts(paths, env).load();
      const told = isRefusal(config) ? [] : Object.keys(config.exchanges);
      const kept = (await listKeys(secretPlaces(paths, env))).map(({ exchange }) => exchange);
      return [...new Set([...told, ...kept])];
    },
    network: doctorNetwork(paths, env),
  };
}
