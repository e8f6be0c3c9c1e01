import { z } from 'zod';

export const healthSchema = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof healthSchema>;

/** Whether each part of the agent that a compute needs does its work; who asks may be anybody, so it says no more. */
export const readinessSchema = z.object({
  status: z.literal('ready'),
  store: z.literal('ok'),
  gateway: z.literal('ok'),
  drivers: z.array(z.string()).min(1),
});
export type Readiness = z.infer<typeof readinessSchema>;
