/** The floor: a Hono Worker that does nothing but answer. */

import { Hono } from 'hono';

const app = new Hono();
app.get('/digit.png', (context) => context.text('Hello!'));

export default app;
