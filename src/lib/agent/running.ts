import type { Clock } from '../clock.ts';
import type { AgentSettings, DozePaths } from '../config/index.ts';
import type { ControlPlane, DriverRegistry } from '../control/index.ts';
import type { DockerImages } from '../drivers/index.ts';
import type { GatewayService } from '../gateway/index.ts';
import type { Logger } from '../logger.ts';
import type { Tokens } from './access/token-book.ts';
import type { RemoteFacts } from './remote.ts';
import type { ServerInstaller } from './server-installer.ts';
import type { StorageWatch } from '../storage/index.ts';
import type { Store } from '../store/index.ts';

/** What there is of an agent once its API answers. */
export interface AgentCore {
  readonly version: string;
  readonly paths: DozePaths;
  readonly settings: AgentSettings;
  readonly store: Store;
  readonly tokens: Tokens;
  /** Null while no other machine can reach the API. */
  remoteFacts(): RemoteFacts | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly started: { readonly wallMs: number; readonly monotonicMs: number };
  /** The API answers before the rest is there; what needs the rest waits for it. */
  readonly running: Promise<Running>;
  /** Begins the end. */
  stop(): void;
}

/** The parts that take longer to come up. */
export interface Running {
  readonly control: ControlPlane;
  readonly gateway: GatewayService;
  readonly drivers: DriverRegistry;
  readonly images: DockerImages;
  readonly installer: ServerInstaller;
  readonly storage: StorageWatch;
  /** Null without TLS. */
  readonly tlsWatch: Disposable | null;
  /** Settled once records and reality agree: nothing is begun on a compute before. */
  readonly reconciled: Promise<void>;
}
