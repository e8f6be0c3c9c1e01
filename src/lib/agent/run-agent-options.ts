import type { Configuration, Environment } from '../config/index.ts';

export interface RunAgentOptions {
  readonly version: string;
  readonly environment: Environment;
  readonly configuration: Configuration;
}
