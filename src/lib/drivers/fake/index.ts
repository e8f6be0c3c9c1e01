export { createFakeDriver } from './fake-driver.ts';
export { createFakeWorld, type FakeWorld, type Verb } from './world.ts';
