export { runDemo } from './demo.ts';
export { demoSummary, type DemoFigures } from './figures.ts';
export { DEMO_PROJECT } from './stage.ts';
export { findServer } from './find-server.ts';
