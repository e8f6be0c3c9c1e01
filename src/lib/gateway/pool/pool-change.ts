/**
 * What a session's command may have done to all connections of its compute: `routines` may have made, changed or dropped what
 * runs by itself, `globals` may have set what new sessions begin with.
 */
export type PoolChange = 'routines' | 'globals';
