/**
 * An issuer of tokens for development: a key in the data folder, and tokens signed with it. Only an API that was told to
 * (`TA_DEV_ISSUER`) takes them; `npm start` tells its own.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import type { Claims, TokenSettings } from './identity';

const issuer = 'urn:trade-assurance:development';
const algorithm = 'ES256';
const fileOf = (dataDir: string): string => join(dataDir, 'dev-issuer.json');

/** The key of this data folder; made when there is none. Of two processes that make one at once, one wins. */
async function privateKey(dataDir: string): Promise<JWK> {
  const file = fileOf(dataDir);
  if (!existsSync(file)) {
    const { privateKey: made } = await generateKeyPair(algorithm, { extractable: true });
    mkdirSync(dataDir, { recursive: true });
    const aside = `${file}.${String(process.pid)}`;
    writeFileSync(aside, JSON.stringify({ ...(await exportJWK(made)), alg: algorithm, kid: 'development' }), {
      mode: 0o600,
    });
    try {
      linkSync(aside, file);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
    } finally {
      rmSync(aside, { force: true });
    }
  }
  return JSON.parse(readFileSync(file, 'utf8')) as JWK;
}

/** What the API needs to take the tokens of this data folder's key. */
export async function devTokens(dataDir: string, audience: string): Promise<TokenSettings> {
  const { d: _secret, ...publicKey } = await privateKey(dataDir);
  return { issuer, audience, keys: { keys: [publicKey] } };
}

/** A token of this caller, valid for so long. */
export async function mintToken(
  dataDir: string,
  audience: string,
  caller: Claims,
  validForSeconds = 12 * 3600,
): Promise<string> {
  const key = await privateKey(dataDir);
  return new SignJWT({ ...caller })
    .setProtectedHeader({ alg: algorithm, kid: key.kid ?? '' })
    .setSubject([caller.role, caller.member, ...('user' in caller && caller.user ? [caller.user] : [])].join(':'))
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${String(validForSeconds)}s`)
    .sign(await importJWK(key, algorithm));
}
