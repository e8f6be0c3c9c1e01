import { boolean, string } from '@oclif/core/flags';

const GLOBAL = 'GLOBAL';

/** Flags that every command takes. */
export const globalFlags = {
  context: string({
    description: 'agent to talk to; `local` is the one of this machine',
    helpGroup: GLOBAL,
    helpValue: 'NAME',
  }),
  project: string({ description: 'project of the compute', helpGroup: GLOBAL, helpValue: 'NAME' }),
  json: boolean({ description: 'print the result, or the error, as JSON', helpGroup: GLOBAL }),
  'no-color': boolean({ description: 'no colour on any stream', helpGroup: GLOBAL }),
  quiet: boolean({ char: 'q', description: 'only results and errors, no progress', helpGroup: GLOBAL }),
  timeout: string({
    description: 'give up waiting after this time, such as 30s',
    helpGroup: GLOBAL,
    helpValue: 'DURATION',
  }),
};
