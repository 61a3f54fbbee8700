// Acknowledges every Socket Mode envelope with Bolt JS and does nothing else.
// With DATABASE_URL set it inserts the payload into PostgreSQL first. A peer of
// the ack benchmarks.
const { App, LogLevel } = require('@slack/bolt');

const app = new App({
  token: 'xoxb-bench',
  appToken: 'xapp-bench',
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

async function main() {
  let keep = async () => {};
  if (process.env.DATABASE_URL) {
    const { Pool } = require('pg');
    const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 32 });
    await pool.query('create table if not exists clicks (id bigserial primary key, payload jsonb not null)');
    keep = (body) => pool.query({ name: 'keep', text: 'insert into clicks (payload) values ($1)', values: [JSON.stringify(body)] });
  }
  const take = async ({ ack, body }) => {
    await keep(body);
    await ack();
  };
  app.command(/.*/, take);
  app.view(/.*/, take);
  app.action(/.*/, take);
  await app.start();
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
