export { runDemo } from './demo.ts';
export { demoSummary, type DemoFigures } from './figures.ts';
export { findServer } from './find-server.ts';
