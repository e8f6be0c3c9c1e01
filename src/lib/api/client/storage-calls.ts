import type { StorageAddRequest, StorageSnapshotRequest, StorageSnapshotView, StorageView } from '../contract.ts';
import type { CallOptions, Transport } from './transport.ts';

/** The part of the client that is about the storage tier. */
export interface StorageCalls {
  list(options?: CallOptions): Promise<StorageView[]>;
  show(name: string, options?: CallOptions): Promise<StorageView>;
  /** Looks now. */
  check(name: string, options?: CallOptions): Promise<StorageView>;
  add(name: string, request: StorageAddRequest, options?: CallOptions): Promise<StorageView>;
  remove(name: string, options?: CallOptions): Promise<void>;
  readonly snapshots: {
    list(name: string, options?: CallOptions): Promise<StorageSnapshotView[]>;
    show(name: string, id: string, options?: CallOptions): Promise<StorageSnapshotView>;
    create(name: string, request: StorageSnapshotRequest, options?: CallOptions): Promise<StorageSnapshotView>;
  };
}

export function createStorageCalls(transport: Transport): StorageCalls {
  const path = (name: string): string => `/storage/${encodeURIComponent(name)}`;
  return {
    list: (call) => transport.get('/storage', {}, call),
    show: (name, call) => transport.get(path(name), {}, call),
    check: (name, call) => transport.post(`${path(name)}/check`, {}, call),
    add: (name, request, call) => transport.post(path(name), request, call),
    remove: async (name, call) => {
      await transport.post(`${path(name)}/remove`, {}, call);
    },
    snapshots: {
      list: (name, call) => transport.get(`${path(name)}/snapshots`, {}, call),
      show: (name, id, call) => transport.get(`${path(name)}/snapshots/${encodeURIComponent(id)}`, {}, call),
      create: (name, request, call) => transport.post(`${path(name)}/snapshots`, request, call),
    },
  };
}
