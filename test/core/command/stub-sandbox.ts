import type { FaultChange, SandboxPorts, ServeOptions } from '../../../src/core/command/sandbox/ports.ts';

/** What a test sees of the stand-in exchange that is not there. */
export interface StubSandbox extends SandboxPorts {
  readonly served: readonly ServeOptions[];
  readonly changes: readonly { readonly port: number; readonly change: FaultChange }[];
}

/** A stand-in that ends at once. */
export function stubSandbox(): StubSandbox {
  const served: ServeOptions[] = [];
  const changes: { readonly port: number; readonly change: FaultChange }[] = [];
  return {
    served,
    changes,
    serve(options, hooks) {
      served.push(options);
      const symbols = ['BTCUSDT'];
      hooks.onReady([
        { market: 'usdm', port: 9_800, base: 'http://127.0.0.1:9800', plays: 'the computed market 7', symbols },
        { market: 'spot', port: 9_801, base: 'http://127.0.0.1:9801', plays: 'the computed market 7', symbols },
      ]);
      return Promise.resolve(undefined);
    },
    faults(port, change) {
      changes.push({ port, change });
      return Promise.resolve([{ kind: 'cut', isWaiting: false, details: { count: 1 } }]);
    },
    differences: () => Promise.resolve([{ where: 'GET /x', difference: 'no field y', reason: 'nobody reads it' }]),
  };
}
