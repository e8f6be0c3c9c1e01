/** TLS for clients, as plain data. */
export interface ClientTlsOptions {
  /** `preferred`: offered to every client. `required`: who does not take it is refused. */
  readonly mode: 'preferred' | 'required';
  /** PEM; the certificates that lead to its issuer may follow. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}
