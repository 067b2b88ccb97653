// OpenID provider for trying the gate on one machine: loopback only, nothing kept, accounts re-read at every use.
// Enters: DEMO_PORT, DEMO_CLIENT_SECRET, DEMO_ORIGINS (the gate's origins, comma separated), optional DEMO_USERS (a JSON
// file), DEMO_SESSION_SECONDS. Leaves: an issuer at http://127.0.0.1:DEMO_PORT and one line per sign-in on stdout.
import { readFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider'; // version 8: the last that runs on the Node of Debian 12


const required = (name) => process.env[name] || (console.error(`demo-idp: ${name} is not set`), process.exit(2));
const port = Number(required('DEMO_PORT'));
const origins = required('DEMO_ORIGINS').split(',');
const file = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const accounts = () => JSON.parse(process.env.DEMO_USERS ? readFileSync(process.env.DEMO_USERS, 'utf8') : file('users.json'));
const digest = (text) => createHash('sha256').update(text).digest('hex');
const seconds = Number(process.env.DEMO_SESSION_SECONDS ?? 8 * 3600);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'gate',
    client_secret: required('DEMO_CLIENT_SECRET'),
    grant_types: ['authorization_code'],
    redirect_uris: origins.map((origin) => `${origin}/_gate/callback`),
    post_logout_redirect_uris: origins.map((origin) => `${origin}/signin/signed-out.html`),
    backchannel_logout_uri: `${origins[0]}/_gate/callback?logout=backchannel`,
    backchannel_logout_session_required: true,
  }],
  scopes: ['openid', 'membership'],
  claims: { openid: ['sub'], membership: ['groups', 'authority'] },
  findAccount: (ctx, id) => accounts()[id] && {
    accountId: id,
    claims: () => ({ sub: id, ...accounts()[id].claims }),
  },
  // the gate is our own client: no consent page
  loadExistingGrant: async ({ oidc }) => {
    const id = oidc.result?.consent?.grantId || oidc.session.grantIdFor(oidc.client.clientId);
    if (id) return oidc.provider.Grant.find(id);
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid membership');
    await grant.save();
    return grant;
  },
  ttl: { AccessToken: 3600, IdToken: 3600, Session: seconds, Grant: seconds, Interaction: 3600 },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = file('sign-out.html').replace('{{form}}', () => form); },
    },
  },
  cookies: { keys: [randomBytes(32).toString('hex')] },
});

async function form(request) {
  let body = '';
  for await (const part of request) {
    body += part;
    if (body.length > 4096) throw new Error('form too long');
  }
  return new URLSearchParams(body);
}

function page(response, uid, refused) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(file('sign-in.html').replaceAll('{{uid}}', uid).replace('{{refused}}', refused ? file('refused.html') : ''));
}

async function interact(request, response, uid, step) {
  const finish = (result) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  if (step === 'cancel') return finish({ error: 'access_denied' });
  if (request.method !== 'POST') return page(response, uid, false);
  const entered = await form(request);
  const account = entered.get('login');
  const known = Object.hasOwn(accounts(), account) && accounts()[account].passphrase;
  if (!known || digest(known) !== digest(entered.get('passphrase') ?? '')) return page(response, uid, true);
  console.log(`signed in: ${account}`);
  return finish({ login: { accountId: account } });
}

const openid = provider.callback();
const server = createServer(async (request, response) => {
  if (request.url === '/demo.css') {
    response.writeHead(200, { 'content-type': 'text/css' });
    return response.end(file('demo.css'));
  }
  const [, uid, step] = /^\/interaction\/([\w-]+)(?:\/(login|cancel))?$/.exec(request.url) ?? [];
  if (!uid) return openid(request, response);
  try {
    await interact(request, response, uid, step);
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end(`${error.message}\n`);
  }
});
provider.on('server_error', (ctx, error) => console.error(error));
server.listen(port, '127.0.0.1', () => console.log(`demo identity provider at http://127.0.0.1:${port}`));
