/**
 * Node's HTTP. `import ... from 'node:http'` reads every member that the module has, one of which loads the whole of
 * Node's own fetch: 25 ms and 10 MB of a process that has no use for it.
 */
export const nodeHttp = process.getBuiltinModule('node:http');
