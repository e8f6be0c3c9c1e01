import { z } from 'zod';

import { imageBuildRequestSchema, imageViewSchema } from '../contract.ts';
import { jsonRoute, operationRoute } from './route.ts';

export const imageRoutes = {
  list: jsonRoute({
    method: 'GET',
    path: '/images',
    id: 'listImages',
    summary: 'List the images that computes on docker can use',
    role: 'read',
    scope: 'host',
    answer: z.array(imageViewSchema),
    errors: ['DOCKER_UNAVAILABLE'],
  }),
  build: operationRoute({
    method: 'POST',
    path: '/images/build',
    id: 'buildImage',
    summary: "Build a server's image from Debian's packages",
    role: 'admin',
    scope: 'host',
    body: imageBuildRequestSchema,
    answer: imageViewSchema,
    errors: ['ENGINE_UNKNOWN', 'ENGINE_VERSION_UNKNOWN', 'DOCKER_UNAVAILABLE', 'IMAGE_BUILD_FAILED', 'TIMED_OUT'],
  }),
};
