import { underWayRoutes } from '../../routes/under-way.ts';
import type { RouteAdder } from '../add-route.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationBook } from '../operations/operation-book.ts';
import { operationView } from '../operations/operation-view.ts';
import { pageOf } from '../page.ts';

export function addUnderWayRoutes(api: RouteAdder, book: OperationBook): void {
  api.json(underWayRoutes.list, ({ query, reply }) =>
    pageOf(reply, book.list(query.project ?? null), query, newestFirst).map(operationView),
  );
  api.json(underWayRoutes.show, async ({ params: { id }, query: { waitSeconds }, signal }) => {
    const operation = book.require(id);
    if (operation.outcome === null && waitSeconds > 0) await book.untilEnd(operation, waitSeconds * 1000, signal());
    return operationView(operation);
  });
}

function newestFirst({ startedAtMs, id }: Operation): readonly (string | number)[] {
  return [-startedAtMs, id];
}
