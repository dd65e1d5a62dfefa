import { generate } from 'selfsigned';
import { CERTIFICATE_DAYS } from './limits.ts';

export interface ServingCertificate {
  /** The certificate, which is its own authority: what goes into a kubeconfig as certificate-authority-data. */
  readonly certificatePem: string;
  readonly keyPem: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of containers may lag a little behind the host's. */
const BACKDATED_MS = 60_000;

/** A new certificate for 127.0.0.1 and localhost, good for CERTIFICATE_DAYS; elliptic-curve, because RSA keys take seconds. */
export const makeCertificate = async (now: number): Promise<ServingCertificate> => {
  const made = await generate([{ name: 'commonName', value: 'kdebug simulated cluster' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - BACKDATED_MS),
    notAfterDate: new Date(now + CERTIFICATE_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }, { type: 2, value: 'localhost' }] },
    ],
  });
  return { certificatePem: made.cert, keyPem: made.private };
};
