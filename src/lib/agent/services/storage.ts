import { storageView, type StorageAddRequest, type StorageServices, type StorageView } from '../../api/index.ts';
import { canServe, parseName, STORAGE_DEFAULTS, type StorageHealth, type StorageService } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import { parseEndpoint, probeService, type ServiceWatch } from '../../storage/index.ts';
import type { AgentCore } from '../running.ts';
import { HISTORY_MS } from '../watch-storage.ts';
import { createSnapshotServices } from './storage-snapshots.ts';

/** What the API says and does of the storage tier. Reading it asks nobody: the watch has asked already. */
export function createStorageServices(core: AgentCore): StorageServices {
  const { store, clock } = core;

  const viewOf = (watch: ServiceWatch): StorageView =>
    storageView(watch.service, watch.health(), {
      changes: store.listStorageChanges({ name: watch.service.name, sinceMs: clock.wallMs() - HISTORY_MS }),
      computes: store.listComputes(),
    });
  const require = async (name: string): Promise<ServiceWatch> => {
    const { storage } = await core.running;
    const found = storage.find(name);
    if (found !== null) return found;
    throw new DozeError('STORAGE_NOT_FOUND', `no storage service "${name}" is registered`);
  };

  return {
    snapshots: createSnapshotServices(core),
    list: async () => {
      const { storage } = await core.running;
      const byName = (a: ServiceWatch, b: ServiceWatch): number => (a.service.name < b.service.name ? -1 : 1);
      return storage.list().toSorted(byName).map(viewOf);
    },
    show: async (name) => viewOf(await require(name)),
    check: async (name) => {
      const watch = await require(name);
      await watch.look();
      return viewOf(watch);
    },
    add: async (name, request, signal) => {
      const { storage } = await core.running;
      const service = toService(name, request, clock.wallMs());
      refuseKnown(
        store.listStorageServices().map((known) => known.service),
        service,
      );
      const credential = request.credential ?? null;
      const lsnOfGroup = (group: string): number | null => storage.find(group)?.lastLook()?.judgement.latestLsn ?? null;
      const health = await probeService({ clock, lsnOfGroup }, service, credential, signal);
      if (request.force !== true && !canServe(health.verdict)) throw notFit(service, health);
      store.putStorageService(service, credential);
      storage.watch(service, credential);
      const watch = await require(name);
      await watch.look();
      return viewOf(watch);
    },
    remove: async (name) => {
      const { service } = await require(name);
      const follower = store.listStorageServices().find((known) => known.service.safekeepers === name);
      if (follower !== undefined) {
        throw new DozeError(
          'STORAGE_IN_USE',
          `the Page Server "${follower.service.name}" follows the group "${name}"`,
          {
            hint: `doze storage remove ${follower.service.name}`,
          },
        );
      }
      const user = store
        .listComputes()
        .find(({ storage }) => storage?.pageServer === name || storage?.safekeepers === name);
      if (user !== undefined) {
        throw new DozeError('STORAGE_IN_USE', `compute "${user.name}" has its data on "${name}"`, {
          hint: `doze compute destroy ${user.name}`,
        });
      }
      store.deleteStorageService(service.name);
      (await core.running).storage.unwatch(service.name);
    },
  };
}

function toService(name: string, request: StorageAddRequest, nowMs: number): StorageService {
  const { kind, flavour } = request;
  const endpoints = request.endpoints.map((text) => parseEndpoint(text, flavour, kind));
  const twice = endpoints.find((endpoint, index) => endpoints.indexOf(endpoint) !== index);
  if (twice !== undefined) throw new DozeError('STORAGE_INVALID', `${twice} was given twice; a replica has one vote`);
  if (kind === 'pageServer' && endpoints.length > 1) {
    throw new DozeError('STORAGE_INVALID', 'a Page Server has one endpoint; register each under a name of its own');
  }
  return {
    id: `s${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`,
    name: parseName(name, 'storage service'),
    kind,
    flavour,
    endpoints,
    safekeepers: request.safekeepers ?? null,
    certificateAuthority: request.certificateAuthority ?? null,
    hasCredential: request.credential !== undefined,
    deadlineMs: seconds(request.deadlineSeconds) ?? STORAGE_DEFAULTS.deadlineMs,
    intervalMs: seconds(request.intervalSeconds) ?? STORAGE_DEFAULTS.intervalMs,
    lagLimit: request.lagLimit ?? STORAGE_DEFAULTS.lagLimit,
    addedAtMs: nowMs,
  };
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}

function refuseKnown(known: readonly StorageService[], service: StorageService): void {
  if (known.some(({ name }) => name === service.name)) {
    throw new DozeError('NAME_IN_USE', `there is a storage service "${service.name}" already`, {
      hint: `doze storage remove ${service.name}, or choose another name`,
    });
  }
  const { safekeepers } = service;
  if (safekeepers === null) return;
  const group = known.find(({ name }) => name === safekeepers);
  if (group?.kind === 'safekeepers' && service.kind === 'pageServer') return;
  if (service.kind !== 'pageServer') throw new DozeError('STORAGE_INVALID', 'only a Page Server follows a group');
  throw new DozeError('STORAGE_NOT_FOUND', `no group of Safekeepers "${safekeepers}" is registered`, {
    hint: `doze storage add ${safekeepers} --safekeeper URL --safekeeper URL --safekeeper URL`,
  });
}

function notFit({ name }: StorageService, { verdict, findings }: StorageHealth): DozeError {
  const [worst] = findings;
  const why = worst === undefined ? '' : `: ${worst.endpoint === null ? '' : `${worst.endpoint} `}${worst.message}`;
  return new DozeError('STORAGE_UNAVAILABLE', `"${name}" was not registered, as it is ${verdict}${why}`, {
    hint: 'mend it, or add --force to register it as it is',
  });
}
