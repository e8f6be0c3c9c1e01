import { setting } from './setting.ts';
import { readAddressOrNone, readCount, readDurationMs, readHostOrNone } from './value-readers.ts';

/** Of the API for other machines. */
export const REMOTE_SETTINGS = {
  listen: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: 'where the API listens for other machines, by TLS and with tokens; empty for nowhere',
      accepts: 'an address and a port such as 0.0.0.0:7443 or [::]:7443, or empty',
    },
    readAddressOrNone,
  ),
  publicHost: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: "what clients elsewhere call this machine: in computes' URLs, and in certificates of doze's own",
      accepts: 'a host name or an IP address, or empty',
    },
    readHostOrNone,
  ),
  apiRate: setting(
    {
      reader: 'agent',
      defaultText: '50',
      description: 'requests a second that one token may make; an address may make twice as many, and either a burst',
      accepts: 'a whole number from 1 to 999999',
    },
    readCount,
  ),
  auditKeep: setting(
    {
      reader: 'agent',
      defaultText: '90d',
      description: 'how long it is kept who did what through the API: 100,000 entries at most',
      accepts: 'a duration such as 30d or 365d',
    },
    readDurationMs,
  ),
};
