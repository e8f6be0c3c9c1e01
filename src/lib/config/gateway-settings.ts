import { setting } from './setting.ts';
import {
  readDurationMs,
  readHost,
  readOneOf,
  readPathOrNone,
  readPort,
  readPortRange,
  readThreads,
} from './value-readers.ts';

const TLS_MODES = ['off', 'preferred', 'required'] as const;

/** Of where and how clients come in. */
export const GATEWAY_SETTINGS = {
  gatewayHost: setting(
    {
      reader: 'agent',
      defaultText: '127.0.0.1',
      description: 'address the gateway listens on',
      accepts: 'an IP address or a host name',
    },
    readHost,
  ),
  gatewayPorts: setting(
    {
      reader: 'agent',
      defaultText: '23306-24305',
      description: "range of the computes' own ports",
      accepts: 'a range of ports such as 23306-24305',
    },
    readPortRange,
  ),
  sharedPort: setting(
    {
      reader: 'agent',
      defaultText: '13306',
      description: 'port for all computes, by user names like user.compute; the next free one if it is taken',
      accepts: 'a port from 1 to 65535',
    },
    readPort,
  ),
  gatewayThreads: setting(
    {
      reader: 'agent',
      defaultText: 'auto',
      description: 'threads that forward between clients and servers; auto is one for each four processors',
      accepts: 'a number from 1 to 16, or auto',
    },
    readThreads,
  ),
  drainTimeout: setting(
    {
      reader: 'agent',
      defaultText: '5s',
      description: 'how long sessions have to end their command or transaction when the agent stops',
      accepts: 'a duration such as 0s, 30s or 5m',
    },
    readDurationMs,
  ),
  wakeTimeout: setting(
    {
      reader: 'agent',
      defaultText: '30s',
      description: 'how long a client is held while its compute wakes',
      accepts: 'a duration such as 30s or 5m',
    },
    readDurationMs,
  ),
  connectionWait: setting(
    {
      reader: 'agent',
      defaultText: '10s',
      description: "how long a session waits for one of its compute's shared connections (--pool transaction)",
      accepts: 'a duration such as 5s or 1m',
    },
    readDurationMs,
  ),
  tls: setting(
    {
      reader: 'agent',
      defaultText: 'preferred',
      description: 'whether clients may, or have to, speak TLS to the gateway',
      accepts: `one of ${TLS_MODES.join(', ')}`,
    },
    readOneOf(TLS_MODES),
  ),
  tlsCert: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: 'file with the certificate that clients get, and those of its issuers; empty for one of its own',
      accepts: 'an absolute path of a PEM file, or empty',
    },
    readPathOrNone,
  ),
  tlsKey: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: 'file with the key of that certificate, without a passphrase',
      accepts: 'an absolute path of a PEM file, or empty',
    },
    readPathOrNone,
  ),
};
