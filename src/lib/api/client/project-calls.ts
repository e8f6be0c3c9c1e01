import type { ProjectDeleteRequest, ProjectRequest, ProjectResult, ProjectView } from '../contract.ts';
import type { OnProgress } from './stream.ts';
import type { CallOptions, Transport } from './transport.ts';

/** The part of the client that is about projects. */
export interface ProjectCalls {
  list(query?: { readonly project?: string }, options?: CallOptions): Promise<ProjectView[]>;
  show(name: string, options?: CallOptions): Promise<ProjectView>;
  create(name: string, request: ProjectRequest, options?: CallOptions): Promise<ProjectResult>;
  set(name: string, request: ProjectRequest, options?: CallOptions): Promise<ProjectResult>;
  delete(
    name: string,
    request: ProjectDeleteRequest,
    onProgress?: OnProgress,
    options?: CallOptions,
  ): Promise<ProjectResult>;
}

export function createProjectCalls(transport: Transport): ProjectCalls {
  const path = (name: string): string => `/projects/${encodeURIComponent(name)}`;
  return {
    list: (query = {}, call) => transport.get('/projects', { ...query }, call),
    show: (name, call) => transport.get(path(name), {}, call),
    create: (name, request, call) => transport.post(`${path(name)}/create`, request, call),
    set: (name, request, call) => transport.post(`${path(name)}/set`, request, call),
    delete: (name, request, onProgress, call) => transport.stream(`${path(name)}/delete`, request, onProgress, call),
  };
}
