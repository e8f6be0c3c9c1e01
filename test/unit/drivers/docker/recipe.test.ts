import { describe, expect, it } from 'vitest';

import { recipeOf } from '../../../../src/lib/drivers/docker/recipe.ts';

describe('what a container is made from', () => {
  it('is the same for the same template, and another for another', () => {
    expect(recipeOf('doze-template-a')).toBe(recipeOf('doze-template-a'));
    expect(recipeOf('doze-template-a')).not.toBe(recipeOf('doze-template-b'));
  });
});
