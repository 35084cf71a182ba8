import { setTimeout as sleep } from 'node:timers/promises';
import { Stand } from '/work/main/test/e2e/receiver/stand.mts';
const t0 = Date.now();
const say = (m: string) => console.log(((Date.now()-t0)/1000).toFixed(1), m);
const stand = await Stand.start();
say('started');
const wf = await stand.addReceiver();
await stand.api.activate(wf.id);
say('active');
await stand.control('PATCH','/settings',{ retryBaseMs: 500, retryMaxDelayMs: 4000, retryMaxAttempts: 100 });
await stand.ask(Array.from({length:500},(_, i)=>String(46701000000+i)));
let kills = 0;
for (;;) {
  const {deliveries} = await stand.control<any>('GET','/log');
  const c: any = {}; const a: any = {};
  for (const d of deliveries) { c[d.state]=(c[d.state]??0)+1; for (const x of d.attempts) { const k = x.httpStatus ?? x.error; a[k]=(a[k]??0)+1; } }
  say(JSON.stringify(c)+' '+JSON.stringify(a));
  if (c.delivered === 500) break;
  if (c.delivered >= [80,200,1e9][kills]) { kills++; say('kill'); await stand.n8n.kill(); say('killed'); await stand.n8n.restart(); say('restarted'); }
  await sleep(2000);
  if (Date.now()-t0 > 200000) break;
}
await stand.stop();
say('end');
