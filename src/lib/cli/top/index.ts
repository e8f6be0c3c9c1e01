export { runLiveTop } from './live-top.ts';
export type { TopEntry } from './look.ts';
export { TOP_ORDERS } from './order.ts';
export { looks, plainTop } from './plain-top.ts';
