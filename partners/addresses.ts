/**
 * Addresses that may be called on behalf of somebody who is not trusted: public ones only, so that nobody makes us call our
 * own network or the cloud's metadata (SSRF). What a name leads to is checked on the way to the connection, and that very
 * address is connected to: a name that leads elsewhere a moment later (DNS rebinding) changes nothing.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The address is none that may be called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'address-refused';
}

/** Services of clouds under addresses that look like anybody's. */
const ofClouds: readonly string[] = ['168.63.129.16'];

/** Whether an IP address is one of the public internet; an IPv4 address in IPv6 clothes counts as what it is. */
export function isPublicAddress(text: string): boolean {
  const [address = ''] = text.replace(/^\[|\]$/g, '').split('%');
  if (isIP(address) === 0) return false;
  const known = ipaddr.process(address);
  // IPv4-compatible addresses (::/96, RFC 4291) lead to whatever the IPv4 one does.
  if (known instanceof ipaddr.IPv6 && known.parts.slice(0, 6).every((part) => part === 0)) return false;
  return known.range() === 'unicast' && !ofClouds.includes(known.toString());
}

/** Why a URL may not be called, as far as it can be told without asking for its address; undefined when it may. */
export function urlRefused(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') return 'not https';
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : `${host} is no public address`;
  const isLocal = host === 'localhost' || /\.(?:localhost|local|internal)$/.test(host) || !host.includes('.');
  return isLocal ? `${host} is no public name` : undefined;
}

type Resolve = (
  hostname: string,
  options: { all: true },
  answer: (fault: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** The `lookup` of a connection that refuses names one of whose addresses is not public. */
export const publicLookup =
  (resolve: Resolve = systemLookup): LookupFunction =>
  (hostname, options, answer) =>
    resolve(hostname, { ...options, all: true }, (fault, found) => {
      const addresses = fault ? [] : found; // Node gives none then
      const inside = addresses.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses;
      if (fault) answer(fault, '', 0);
      else if (inside)
        answer(new AddressRefused(`${hostname} leads to ${inside.address}, which is no public address`), '', 0);
      else if (!first) answer(new Error(`${hostname} has no address`), '', 0);
      else if (options.all) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
