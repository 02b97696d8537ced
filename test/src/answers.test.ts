import { expect, test } from 'vitest';

import { currentAnswers, recordedAnswers } from './answers.ts';

test('the bytes of every answer are those of its version (changed on purpose? see answers.ts)', async () => {
  expect(await currentAnswers()).toEqual(recordedAnswers());
});
